package io.middleware.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class HelloCommandTest extends CommandLineFixture {

    @Test
    void hello_printsTheAnswerAlone() {
        assertThat(run("hello", "--target", hello.target())).isZero();
        assertThat(out).hasToString("World\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void hello_makesOneCallForEachGreeting() {
        assertThat(run("hello", "--target", hello.target(), "Hello", "Hello")).isZero();
        assertThat(out).hasToString("World\nWorld\n");
    }

    @Test
    void hello_goesOnAfterAGreetingThatFails() {
        assertThat(run("hello", "--target", hello.target(), "Goodbye", "Hello")).isEqualTo(1);
        assertThat(out).hasToString("World\n");
        assertThat(err).hasToString("client: INVALID_ARGUMENT: expected Hello, got Goodbye\n");
    }

    @Test
    void verbose_tellsTheWayOfTheCallOnStandardError() {
        assertThat(run("hello", "-v", "--target", hello.target())).isZero();
        assertThat(out).hasToString("World\n");
        assertThat(err.toString())
                .startsWith("> hello.v1.HelloService/SayHello at " + hello.target() + "\n> x-call-id: ")
                .contains("* idempotent by its idempotency_level", "300 ms", "3 in all")
                .contains("< middleware-instance: hello-service-2  (the server that answered)\n")
                .containsPattern("\\* OK after \\d+ ms\n$")
                .doesNotContain("grpc-encoding", "content-type");
    }

    @Test
    void refusedConnection_isOneClearLine() throws IOException {
        String nobody = freeTarget();

        assertThat(run("hello", "--target", nobody)).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err)
                .hasToString("client: UNAVAILABLE: cannot connect: Connection refused: /" + nobody
                        + ". Start the stack, or name another target with --target\n");
    }

    @Test
    void targetOfAnotherProtocol_isNamedAsSuch() throws IOException {
        try (var web = new WebServer()) {
            assertThat(run("hello", "--target", web.target())).isEqualTo(1);
        }
        assertThat(err.toString())
                .contains("the target does not speak gRPC (HTTP/2)")
                .hasLineCount(1);
    }

    private static String freeTarget() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
