package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.commons.util.InetUtils;
import org.springframework.cloud.commons.util.InetUtilsProperties;

/** On the network of whatever machine runs the test. */
class AddressTowardsConsulTest {

    /** Of a range that nobody has (RFC 5737). */
    private static final String LOST = "192.0.2.7";

    private final MachineAddress towardsLocalConsul = towards("127.0.0.1");

    @Test
    void addressThatTheMachineHas_isKept() throws SocketException {
        for (InetAddress own : NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList()) {
            assertThat(towards("no-such-host.invalid").now(own.getHostAddress()))
                    .isEqualTo(own.getHostAddress());
        }
        assertThat(towardsLocalConsul.now("127.0.0.1"))
                .as("loopback only where there is nothing else")
                .isEqualTo(first().orElse("127.0.0.1"));
    }

    @Test
    void lostAddress_isReplacedByOneThatTheMachineHas() {
        assertThat(towardsLocalConsul.now(LOST)).isEqualTo(first().orElse(LOST));
    }

    @Test
    void lostAddressAndNoWayToConsul_isKept() {
        assertThat(towards("no-such-host.invalid").now(LOST)).isEqualTo(LOST);
    }

    @Test
    void addressThatIsAName_isKept() {
        assertThat(towards("no-such-host.invalid").now("greeter.example")).isEqualTo("greeter.example");
    }

    @Test
    void start_givesAnAddressInAnyCase() {
        assertThat(towards("no-such-host.invalid").now(null)).isNotBlank();
        assertThat(towardsLocalConsul.now(null)).isEqualTo(first().orElse("127.0.0.1"));
    }

    @Test
    void consulElsewhere_isReachedFromAnAddressOfThisMachine() throws Exception {
        Optional<String> first = first();
        if (first.isEmpty()) {
            assertThat(towards(LOST).now(LOST)).as("no network").isEqualTo(LOST);
            return;
        }
        String own = towards(first.get()).now(LOST);
        assertThat(NetworkInterface.getByInetAddress(InetAddress.ofLiteral(own)))
                .isNotNull();
    }

    private static MachineAddress towards(String consul) {
        return new AddressTowardsConsul(network(), consul, 8500);
    }

    private static InetUtils network() {
        return new InetUtils(new InetUtilsProperties());
    }

    private static Optional<String> first() {
        return Optional.of(network().findFirstNonLoopbackAddress())
                .filter(address -> !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress);
    }
}
