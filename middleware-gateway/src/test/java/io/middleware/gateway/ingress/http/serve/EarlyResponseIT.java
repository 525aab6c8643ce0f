package io.middleware.gateway.ingress.http.serve;

import static io.middleware.gateway.RawHttp1Caller.END_OF_HEAD;
import static io.middleware.gateway.RawHttp1Caller.LAST_CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.RawHttp1Caller;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.NginxServer;
import io.middleware.testsupport.ProjectNginx;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams of NDJSON through a real Nginx that are answered before they end, and what becomes of their connection. */
@Timeout(30)
class EarlyResponseIT {
    private static final String NDJSON = "application/x-ndjson";
    private static final String END_OF_PROBLEM = "\"}";

    private final HttpGateway gateway = new HttpGateway(parts -> new HttpGateway.Extension(Documents.NONE, null));
    private LibraryServer library;
    private NginxServer nginx;
    private RawHttp1Caller caller;
    private int port;

    @BeforeEach
    void start() throws IOException {
        library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
        port = FreePorts.next();
        String server = "server 127.0.0.1:" + gateway.port() + ";";
        nginx = ProjectNginx.start(port, FreePorts.next(), server, server);
        caller = new RawHttp1Caller(port);
    }

    @AfterEach
    void stop() throws IOException {
        caller.close();
        nginx.close();
        gateway.close();
        library.close();
    }

    @ParameterizedTest
    @CsvSource({"/nope, 404", "/library.v1.Library/Nope, 404", "/library.v1.Library/GetBook, 415"})
    void connectionIsGoodForTheNextCall(String path, String status) throws IOException {
        for (int i = 0; i < 3; i++) {
            caller.begin(path, NDJSON);
            awaitOtherCalls();
            caller.send(LAST_CHUNK);

            assertThat(caller.readUntil(END_OF_HEAD)).as(nginx.log()).startsWith("HTTP/1.1 " + status);
            caller.readUntil(END_OF_PROBLEM);
        }
    }

    /** Begun later, and answered: so the gateway had time to answer what began before. */
    private void awaitOtherCalls() throws IOException {
        try (RawHttp1Caller other = new RawHttp1Caller(port)) {
            for (int i = 0; i < 20; i++) {
                other.send("GET /nope HTTP/1.1\r\nHost: a\r\n\r\n");
                other.readUntil(END_OF_PROBLEM);
            }
        }
    }

    @Test
    void requestThatDoesNotEnd_keepsNobodyWaiting() throws IOException {
        caller.begin("/nope", NDJSON);

        assertThat(caller.readUntil(END_OF_HEAD)).as(nginx.log()).startsWith("HTTP/1.1 404");
    }
}
