package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.ConsulServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Bytes that are no request: the instance serves on, and they fill no log. */
@ExtendWith(OutputCaptureExtension.class)
class OddRequestsIT {

    @Test
    void requestsThatCannotBeRead_leaveNoStackTrace(CapturedOutput log) throws IOException {
        try (ConsulServer consul = ConsulServer.forgetful();
                GreeterInstance greeter = new GreeterInstance(consul)) {
            send(greeter.grpcPort(), headersWithAnUnknownPseudoHeader());
            send(greeter.managementPort(), "GET /%zz nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(greeter.greet()).isEqualTo("World");
            assertThat(greeter.readiness()).isEqualTo(200);
        }
        assertThat(log.getAll()).doesNotContain("\tat ", "Stream Error", "Decoding failed");
    }

    private static byte[] headersWithAnUnknownPseudoHeader() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        byte[] block = "\0\7:strang\1x".getBytes(StandardCharsets.ISO_8859_1);
        bytes.writeBytes(new byte[] {0, 0, (byte) block.length, 1, 5, 0, 0, 0, 1});
        bytes.writeBytes(block);
        // a PING, so that what was before it is read when its acknowledgement comes
        bytes.writeBytes(new byte[] {0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
        return bytes.toByteArray();
    }

    private static void send(int port, byte[] bytes) throws IOException {
        try (Socket caller = new Socket("127.0.0.1", port)) {
            caller.setSoTimeout(500);
            caller.getOutputStream().write(bytes);
            while (caller.getInputStream().read() >= 0) {
                // until it says no more
            }
        } catch (SocketTimeoutException quiet) {
            // which it may
        }
    }
}
