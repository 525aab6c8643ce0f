package io.middleware.starter.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.starter.WrongSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ExposureTest {

    private static final String WARNING = "OPEN TO THE NETWORK: ";

    private final ReactiveWebApplicationContextRunner instance = new ReactiveWebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ExposureAutoConfiguration.class))
            .withPropertyValues("spring.grpc.server.port=21001", "server.port=21101", "management.server.port=21101");

    private final ReactiveWebApplicationContextRunner onLoopback =
            instance.withPropertyValues("spring.grpc.server.address=127.0.0.1", "server.address=127.0.0.1");

    @Test
    void portsOfAllAddresses_areWarnedOfInOneLine_withTheSettingsThatCloseThem(CapturedOutput log) {
        instance.run(context -> assertThat(context).hasNotFailed());

        assertThat(log.getAll().lines().filter(line -> line.contains(WARNING)))
                .singleElement()
                .asString()
                .contains(
                        " WARN ",
                        "gRPC on *:21001 without TLS (spring.grpc.server.ssl.bundle) and for any caller"
                                + " (spring.grpc.server.ssl.client-auth=require); ",
                        "management on *:21101 without TLS (server.ssl.bundle) and for anyone (server.ssl.client-auth=need,"
                                + " or Spring Security). ",
                        "To refuse such a start: middleware.security.required=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
    void portsOfLoopback_areNot(String address, CapturedOutput log) {
        instance.withPropertyValues(
                        "spring.grpc.server.address=" + address,
                        "server.address=" + address,
                        "middleware.security.required=true")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(log.getAll()).doesNotContain(WARNING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "*", "", "192.0.2.1", "no-such-host.invalid"})
    void addressThatOthersReach_isNoLoopback(String address, CapturedOutput log) {
        onLoopback
                .withPropertyValues("spring.grpc.server.address=" + address)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(log.getAll()).contains(WARNING + "gRPC on ").doesNotContain("management on");
    }

    @Test
    void securityThatIsRequired_refusesTheStart_andSaysWhatToDo(CapturedOutput log) {
        instance.withPropertyValues("middleware.security.required=true")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(WrongSettingException.class, wrong -> {
                            assertThat(wrong)
                                    .hasMessageStartingWith(
                                            "middleware.security.required is true, but open to the network: gRPC");
                            assertThat(wrong.action()).contains("Turn on what is named in parentheses", "127.0.0.1");
                        }));

        assertThat(log.getAll()).doesNotContain(WARNING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bundle=inside                     | for any caller | without TLS",
                "client-auth=require               | without TLS    | nothing",
                "bundle=inside,client-auth=optional| for any caller | without TLS"
            })
    void halfAGuard_isNone(String settings, String told, String notTold, CapturedOutput log) {
        onLoopback
                .withPropertyValues("spring.grpc.server.address=0.0.0.0")
                .withPropertyValues(
                        ("spring.grpc.server.ssl." + settings.replace(",", ",spring.grpc.server.ssl.")).split(","))
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(log.getAll()).contains(WARNING, told).doesNotContain(notTold);
    }

    @Test
    void certificatesOnBothPorts_guardThem(CapturedOutput log) {
        instance.withPropertyValues(
                        "middleware.security.required=true",
                        "spring.grpc.server.ssl.bundle=inside",
                        "spring.grpc.server.ssl.client-auth=require",
                        "server.ssl.bundle=inside",
                        "server.ssl.client-auth=need")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(log.getAll()).doesNotContain(WARNING);
    }

    @Test
    void managementOnAPortOfItsOwn_hasAnAddressOfItsOwn(CapturedOutput log) {
        onLoopback
                .withPropertyValues("management.server.port=21102")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(log.getAll()).contains("management on *:21102 without TLS (management.server.ssl.bundle)");
    }

    @Test
    void managementThatIsOff_isNoDoor(CapturedOutput log) {
        onLoopback
                .withPropertyValues("management.server.port=-1")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(log.getAll()).doesNotContain(WARNING);
    }
}
