package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestFirstTest {
    private static final String LAST_CHUNK = "0\r\n\r\n";

    private final EmbeddedChannel channel =
            new EmbeddedChannel(new HttpRequestDecoder(), new HttpResponseEncoder(), new RequestFirst());

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void wholeResponse_waitsForTheEndOfItsRequest() {
        begin("Middleware-Await-Request: yes\r\n");
        channel.writeOutbound(refusal());
        assertThat(written()).isEmpty();

        read("1\r\nx\r\n" + LAST_CHUNK);

        assertThat(written()).startsWith("HTTP/1.1 404").endsWith("\r\n\r\nno");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void partsOfAResponse_areWrittenAtOnce_andOnlyItsEndWaits() {
        begin("Middleware-Await-Request: yes\r\n");
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set("content-length", 3);
        channel.writeOutbound(head, new DefaultHttpContent(bytes("one")), LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(written())
                .as("no length, which would tell the end")
                .contains("transfer-encoding: chunked")
                .doesNotContain("content-length")
                .endsWith("3\r\none\r\n");

        read(LAST_CHUNK);
        assertThat(written()).isEqualTo(LAST_CHUNK);
    }

    @Test
    void requestThatDoesNotEnd_holdsItsResponseForASecond() {
        channel.freezeTime();
        begin("Middleware-Await-Request: yes\r\n");
        channel.writeOutbound(refusal());

        channel.advanceTimeBy(999, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(written()).isEmpty();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();

        assertThat(written()).startsWith("HTTP/1.1 404");
    }

    @Test
    void restThatIsMalformed_endsTheConnection_afterTheResponse() {
        begin("Middleware-Await-Request: yes\r\n");
        channel.writeOutbound(refusal());

        read("no number of bytes\r\n");

        assertThat(written()).startsWith("HTTP/1.1 404");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void connectionThatEnds_releasesWhatIsHeld() {
        begin("Middleware-Await-Request: yes\r\n");
        DefaultFullHttpResponse refusal = refusal();
        ChannelFuture written = channel.writeOneOutbound(refusal);

        channel.close();

        assertThat(refusal.refCnt()).isZero();
        assertThat(written.cause()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void requestThatDoesNotAskForIt_isAnsweredAtOnce() {
        begin("");
        channel.writeOutbound(refusal());

        assertThat(written()).startsWith("HTTP/1.1 404");
    }

    private void begin(String header) {
        read("POST / HTTP/1.1\r\nHost: a\r\n" + header + "Transfer-Encoding: chunked\r\n\r\n");
    }

    private void read(String text) {
        channel.writeInbound(bytes(text));
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            ReferenceCountUtil.release(message);
        }
    }

    private String written() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            text.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
        return text.toString();
    }

    private static DefaultFullHttpResponse refusal() {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND, bytes("no"));
        response.headers().set("content-length", 2);
        return response;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
