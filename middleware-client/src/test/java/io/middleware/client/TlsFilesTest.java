package io.middleware.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.middleware.testsupport.ShopServer;
import io.middleware.testsupport.shop.v1.Item;
import io.middleware.testsupport.shop.v1.ShopServiceGrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {

    private static final Item TEA = Item.newBuilder().setName("tea").build();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @TempDir
    private Path another;

    @Test
    void replacedAuthority_isTrustedByNewConnections() throws Exception {
        var identity = new ServerIdentity(folder);
        Path trusted = folder.resolve("ca.pem");
        Files.writeString(trusted, new ServerIdentity(another).certificate());
        try (var server = ShopServer.startWith(identity.serverCredentials());
                var files = TlsFiles.of(trusted, null);
                var client = MiddlewareClient.connect(
                        server.target(), ClientOptions.defaults().withCredentials(files.credentials()))) {
            var shop = client.stub(ShopServiceGrpc::newBlockingStub);
            assertThatThrownBy(() -> shop.look(TEA)).isInstanceOf(StatusRuntimeException.class);

            replace(trusted, identity.certificate());

            Instant end = Instant.now().plus(LIMIT);
            Status.Code code = Status.Code.UNAVAILABLE;
            while (code != Status.Code.OK && Instant.now().isBefore(end)) {
                try {
                    assertThat(shop.look(TEA)).isEqualTo(TEA);
                    code = Status.Code.OK;
                } catch (StatusRuntimeException refused) {
                    code = refused.getStatus().getCode();
                    Thread.onSpinWait();
                }
            }
            assertThat(code).isEqualTo(Status.Code.OK);
        }
    }

    @Test
    void identity_isReadFromOneFile() throws Exception {
        var identity = new ServerIdentity(folder);
        Path both = Files.writeString(folder.resolve("both.pem"), identity.keyAndCertificate());

        try (var files = TlsFiles.of(both, both)) {
            assertThat(files.context().getProtocol()).isEqualTo("TLS");
            assertThat(PemFile.read(both).key().getAlgorithm()).isEqualTo("EC");
            assertThat(PemFile.read(both).certificates()).hasSize(1);
        }
    }

    @Test
    void filesWithoutWhatIsExpected_areRefused() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
        Path trusted = Files.writeString(folder.resolve("ca.pem"), new ServerIdentity(another).certificate());

        assertThatThrownBy(() -> TlsFiles.of(empty, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no certificate");
        assertThatThrownBy(() -> TlsFiles.of(trusted, trusted)).hasMessageContaining("expected one PRIVATE KEY");
        assertThatThrownBy(() -> TlsFiles.of(folder.resolve("none.pem"), null)).hasMessageContaining("none.pem");
    }

    private static void replace(Path file, String text) throws Exception {
        Path next = Files.writeString(file.resolveSibling("next.pem"), text);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
