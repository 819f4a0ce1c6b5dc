from tests.diagnosis_live.scenario import *
from tests.diagnosis_live.writing import *
import pytest, time
@pytest.mark.parametrize("w",[by_machine,by_hand,in_haste])
def test_it(doctor, w):
    t=time.time()
    o=doctor(Scenario(config=w(config())))
    print(time.time()-t)
    assert o.noise==() and o.exit_code==0, o.stdout
    o=doctor(Scenario(config=w(config(entry(baseUrl="https://api.portkey.ai/v1"))),names=(HOSTED,),tls=True))
    print(time.time()-t)
    assert o.noise==() and o.exit_code==0, o.stdout
