"""A second opinion on a text that is about to be written."""

import json

from wizard.json5doc.errors import Json5EditError
from wizard.json5doc.grammar import BYTE_ORDER_MARK
from wizard.json5doc.literals import whole_number
from wizard.json5doc.values import first_difference, plain_copy


def confirm(text: str, intended: object) -> None:
    r"""Has an independent reader read `text`, and compares what it sees with the intended value.

    Strict JSON is read by the standard library. Everything else is read by the `json5` package, which is slow: about
    12 ms of processor time per kB, so call this once per write, not per edit.

    Where the package is known to leave the specification (measured with 0.17.3):

    - It leaves the two halves of an escaped surrogate pair apart. They are joined here before comparing.
    - It runs out of stack at about 50 nested objects. Such a text is refused.
    - It takes `\u` escapes in unquoted keys that make no identifier. Our own parser refuses those.
    - It reads an integer beyond the range of doubles exactly, JavaScript as an infinity. Here it is one as well.

    Any other disagreement, in whichever of the two readers, also refuses the text: the fault is on the safe side.

    Args:
        text: The whole document; a byte order mark is fine.
        intended: The plain value that the text should mean; of repeated keys the last one counts.

    Raises:
        Json5EditError: The reader cannot read the text, or sees another value. The path tells where.
    """
    wanted = plain_copy(intended)
    try:
        seen = plain_copy(_read(text.removeprefix(BYTE_ORDER_MARK)))
    except (ValueError, RecursionError) as error:
        raise Json5EditError((), "a second JSON5 reader cannot read the new text") from error
    difference = first_difference(seen, wanted)
    if difference is not None:
        raise Json5EditError(difference, "a second JSON5 reader sees another value than the intended one")


def _read(text: str) -> object:
    try:
        return json.loads(text, parse_int=whole_number)
    except (ValueError, RecursionError):
        import json5

        return json5.loads(text, parse_int=whole_number)
