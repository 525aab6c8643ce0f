package io.middleware.gateway.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.Pool;
import io.middleware.gateway.library.LibraryServer;

/** Calls by Connect's protocol, through real sockets to a real gRPC server whose descriptors come by reflection. */
class JsonCallTest {
    private static LibraryServer library;
    private static HttpGateway gateway;

    @BeforeAll
    static void start() {
        library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        gateway = new HttpGateway().register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        library.close();
    }

    @Test
    void json_comesBackAsTheMethodAnswered() {
        HttpResponse<String> answer = gateway.post("/library.v1.Library/Echo", "{\"title\": \"Olá\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"title\":\"Olá\"}");
    }
}
