package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.hello.v1.GuestbookGrpc.GuestbookImplBase;
import io.middleware.starter.idempotency.Idempotent;
import io.middleware.testsupport.ConsulServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What gateways read in Consul about idempotency keys. */
class KeysInConsulIT {

    @TempDir
    private Path folder;

    @Idempotent
    static final class Marked extends GuestbookImplBase {}

    static final class Plain extends GuestbookImplBase {}

    @ParameterizedTest
    @CsvSource({"true, ;AUTO_SERVER=TRUE, true", "true, '', ", "false, ;AUTO_SERVER=TRUE, "})
    void keysAreRegistered_ifAllThatChangesSomethingHonoursThem(boolean marked, String options, String registered) {
        try (ConsulServer consul = ConsulServer.forgetful();
                GreeterInstance greeter = new GreeterInstance(
                        consul,
                        context -> context.registerBean(
                                GuestbookImplBase.class, () -> marked ? new Marked() : new Plain()),
                        "spring.datasource.url=jdbc:h2:file:" + folder.resolve("book") + options,
                        "spring.datasource.username=sa")) {
            greeter.awaitStatus("passing", Duration.ofSeconds(20));
            assertThat(greeter.inConsul().at("/Meta/idempotency-keys").asString(""))
                    .isEqualTo(registered == null ? "" : registered);
            assertThat(greeter.inConsul().at("/Meta/grpc-services-1").asString())
                    .contains("hello.v1.Guestbook");
        }
    }

    @Test
    void setting_isStronger() {
        try (ConsulServer consul = ConsulServer.forgetful();
                GreeterInstance greeter = new GreeterInstance(consul, "middleware.instance.idempotency-keys=true")) {
            greeter.awaitStatus("passing", Duration.ofSeconds(20));
            assertThat(greeter.inConsul().at("/Meta/idempotency-keys").asString())
                    .isEqualTo("true");
        }
    }
}
