package io.middleware.gateway.ingress.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Ticker;
import io.middleware.gateway.ingress.WebCaller;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipTest {
    private static final int LARGEST = 1 << 20;
    private static final int NAME = 8;

    private final BodyBudget bodies = new BodyBudget(LARGEST);
    private final BodyBudget.Lease lease = bodies.lease();
    private final EventLoop loop = new DefaultEventLoop();
    private final AtomicInteger largeOnes = new AtomicInteger();
    private final JsonWorkers workers = new JsonWorkers(this::run, JsonMemory.ofHeap(), Ticker.system());
    private final Gunzip gunzip = new Gunzip(
            workers,
            LARGEST,
            new ConnectError(Code.RESOURCE_EXHAUSTED, "too large"),
            new ConnectError(Code.INVALID_ARGUMENT, "not gzip"));

    @AfterEach
    void stop() {
        loop.shutdownGracefully();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 100_000, LARGEST})
    void whatIsZipped_isUnzipped(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        assertThat(unzip(WebCaller.gzip(bytes))).isEqualTo(bytes);
    }

    @Test
    void smallOnes_areUnzippedAtOnce_andLargeOnesByWorkers_whetherLargeBeforeOrAfter() {
        unzip(WebCaller.gzip(new byte[1000]));
        assertThat(largeOnes).hasValue(0);
        unzip(WebCaller.gzip(new byte[100_000]));
        assertThat(largeOnes).hasValue(1);
        byte[] name = new byte[JsonWorkers.LARGE];
        Arrays.fill(name, 0, name.length - 1, (byte) 'n');
        assertThat(unzip(withHeader(NAME, name))).asString().isEqualTo("a");
        assertThat(largeOnes).hasValue(2);
    }

    @Test
    void manyMembers_areUnzipped() {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        byte[] none = WebCaller.gzip(new byte[0]);
        for (int i = 0; i < 20_000; i++) {
            members.writeBytes(none);
        }
        members.writeBytes(WebCaller.gzip(utf8("a")));
        members.writeBytes(WebCaller.gzip(utf8("b")));
        assertThat(unzip(members.toByteArray())).asString().isEqualTo("ab");
    }

    @Test
    void partsOfTheHeader_areSkipped() {
        byte[] all = {2, 0, 'x', 0, 'n', 0, 0};
        assertThat(unzip(withHeader(4 | NAME | 16, all))).asString().isEqualTo("a");
        byte[] header = Arrays.copyOf(withHeader(2 | NAME, new byte[] {'n', 0}), 12);
        CRC32 crc = new CRC32();
        crc.update(header);
        byte low = (byte) crc.getValue();
        byte high = (byte) (crc.getValue() >> 8);
        assertThat(unzip(withHeader(2 | NAME, new byte[] {'n', 0, low, high})))
                .asString()
                .isEqualTo("a");
        assertRefused(withHeader(2 | NAME, new byte[] {'n', 0, low, (byte) (high + 1)}), "not gzip");
    }

    @Test
    void paddingIsIgnored() {
        byte[] zipped = WebCaller.gzip(utf8("a"));
        assertThat(unzip(Arrays.copyOf(zipped, zipped.length + 100))).asString().isEqualTo("a");
    }

    @Test
    void whatIsIncompleteOrWrong_isRefused() {
        byte[] zipped = WebCaller.gzip(utf8("some text"));
        for (int i = 1; i < zipped.length; i++) {
            assertRefused(Arrays.copyOf(zipped, i), "not gzip");
        }
        for (int wrong : new int[] {0, 1, 2, zipped.length - 1, zipped.length - 5}) {
            byte[] damaged = zipped.clone();
            damaged[wrong]++;
            assertRefused(damaged, "not gzip");
        }
        assertRefused(withHeader(NAME, new byte[0]), "not gzip");
    }

    @Test
    void whatIsTooLarge_isRefused() {
        assertRefused(WebCaller.gzip(new byte[LARGEST + 1]), "too large");
        lease.close();
        assertThat(bodies.held()).isZero();
    }

    private void run(Runnable work) {
        largeOnes.incrementAndGet();
        work.run();
    }

    private byte[] unzip(byte[] zipped) {
        return gunzip.unzip(zipped, new CallContext(loop, Call.NO_DEADLINE, lease))
                .block();
    }

    private void assertRefused(byte[] zipped, String why) {
        assertThatThrownBy(() -> unzip(zipped))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal ->
                                assertThat(refusal.answer().error().message()).isEqualTo(why));
    }

    /** Returns "a" zipped, with further parts of the header. */
    private static byte[] withHeader(int flags, byte[] more) {
        byte[] plain = WebCaller.gzip(utf8("a"));
        plain[3] = (byte) flags;
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        zipped.write(plain, 0, 10);
        zipped.writeBytes(more);
        zipped.write(plain, 10, plain.length - 10);
        return zipped.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
