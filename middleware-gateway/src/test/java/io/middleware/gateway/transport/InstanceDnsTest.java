package io.middleware.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.netty.channel.EventLoop;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Addresses of servers that are no names: above all those of IPv6 with a zone. */
class InstanceDnsTest {
    private final EventLoops loops = new EventLoops(1);
    private final EventLoop loop = (EventLoop) loops.group().next();

    @AfterEach
    void stop() {
        loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void zone_isTheNameOfANetworkInterface_orItsNumber() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        for (String address : List.of("::1", "fe80::1", "2001:db8::7")) {
            for (Object zone : List.of(loopback.getName(), loopback.getIndex())) {
                for (String form : List.of("%s%%%s", "[%s%%%s]")) {
                    InetAddress resolved = resolve(form.formatted(address, zone));
                    assertThat(resolved.getAddress())
                            .isEqualTo(InetAddress.getByName(address).getAddress());
                    assertThat(((Inet6Address) resolved).getScopeId()).isEqualTo(loopback.getIndex());
                }
            }
        }
    }

    @Test
    void addressWithoutAZone_isItself() throws Exception {
        for (String address : List.of("127.0.0.1", "::1", "[::1]", "fe80::1")) {
            assertThat(resolve(address)).isEqualTo(InetAddress.getByName(address));
        }
    }

    @Test
    void zoneThatThisMachineHasNot_isNoAddress() {
        for (String host : List.of(
                "fe80::1%no-such-if",
                "[fe80::1%no-such-if]", "fe80::1%", "[fe80::1%]", "[%", "%", "a-host%lo", "127.0.0.1%lo")) {
            assertThatThrownBy(() -> resolve(host))
                    .as(host)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("no network interface");
        }
    }

    @Test
    void serverAtALinkLocalAddress_isCalled() throws Exception {
        Inet6Address address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each.isLinkLocalAddress() && each instanceof Inet6Address)
                .map(Inet6Address.class::cast)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(address != null, "this machine has no link-local address");
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(address, 0))
                .addService(new Greeter())
                .build()
                .start();
        try (GatewayHarness gateway = new GatewayHarness()
                .register("one", address.getHostAddress(), server.getPort(), Pool.PRIMARY, GatewayHarness.SERVICE)) {
            assertThat(address.getHostAddress())
                    .as("with the name of its interface")
                    .matches(".*%[a-z].*");
            assertThat(HelloServiceGrpc.newBlockingStub(gateway.channel())
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .sayHello(HelloRequest.getDefaultInstance()))
                    .isNotNull();
        } finally {
            server.shutdownNow();
        }
    }

    private InetAddress resolve(String host) throws Exception {
        return InstanceDns.resolve(
                        new Registration("one", host, 80, Pool.PRIMARY, 1, List.of(), false, true, 1, 1), loop)
                .get(20, TimeUnit.SECONDS)
                .getFirst()
                .getAddress();
    }
}
