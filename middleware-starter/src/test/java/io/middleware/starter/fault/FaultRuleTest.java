package io.middleware.starter.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.starter.WrongSettingException;
import io.middleware.starter.exposure.ListeningPort;
import io.middleware.starter.exposure.ListeningPort.Guard;
import io.middleware.starter.exposure.ListeningPorts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FaultRuleTest {

    private static final ListeningPorts LOOPBACK = () -> List.of(port("gRPC", "127.0.0.1", false));

    private static ListeningPort port(String name, String address, boolean guarded) {
        Guard guard = new Guard(guarded, "for anyone", "some.setting");
        return new ListeningPort(name, address, 21001, guard, guard);
    }

    private static void check(boolean required, boolean beyondLoopback, ListeningPorts... ports) {
        new FaultRule(required, new FaultProperties(true, beyondLoopback), List.of(ports))
                .afterSingletonsInstantiated();
    }

    @Test
    void faultsOnLoopback_startWithoutAWord(CapturedOutput log) {
        check(false, false, LOOPBACK);
        assertThat(log.getAll()).isEmpty();
    }

    @Test
    void faultsBeyondLoopback_refuseTheStart_guardedOrNot() {
        for (boolean guarded : new boolean[] {true, false}) {
            assertThatThrownBy(() -> check(false, false, LOOPBACK, () -> List.of(port("management", "*", guarded))))
                    .isInstanceOfSatisfying(
                            WrongSettingException.class,
                            wrong -> assertThat(wrong.action()).contains("middleware.faults.beyond-loopback=true"))
                    .hasMessage("middleware.faults.enabled is true, but other machines reach this server:"
                            + " management (port 21001).");
        }
    }

    @Test
    void demoInANetworkOfItsOwn_isAllowed_andTold(CapturedOutput log) {
        check(false, true, () -> List.of(port("gRPC", "*", false)));
        assertThat(log.getAll())
                .contains("middleware.faults.enabled beyond this machine (middleware.faults.beyond-loopback)");
    }

    @Test
    void securityThatIsRequired_allowsNoFaults_evenOnLoopback() {
        assertThatThrownBy(() -> check(true, true, LOOPBACK))
                .isInstanceOf(WrongSettingException.class)
                .hasMessage("middleware.faults.enabled and middleware.security.required are both true.");
    }
}
