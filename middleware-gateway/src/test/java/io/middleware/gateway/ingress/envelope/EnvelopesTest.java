package io.middleware.gateway.ingress.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.AllocatedBytes;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class EnvelopesTest {
    private static final int LARGEST = 4 << 20;

    private final BodyBudget bodies = new BodyBudget(LARGEST);
    private final List<byte[]> messages = new ArrayList<>();

    /** Gathers all messages. */
    private final class Gatherer implements Envelopes.Receiver {
        @Override
        public boolean passes(int flags) {
            return false;
        }

        @Override
        public void onBytes(ByteBuf bytes) {
            throw new AssertionError("a message passed");
        }

        @Override
        public void onMessage(int flags, byte[] message, BodyBudget.Lease lease) {
            messages.add(message);
            lease.close();
        }
    }

    private Envelopes envelopes() {
        return new Envelopes(LARGEST, bodies, new Gatherer());
    }

    @Test
    void anAnnouncedLength_allocatesLittle() {
        int count = 1000;
        ByteBuf prefix = Unpooled.buffer().writeByte(0).writeInt(LARGEST);
        List<Envelopes> begun = new ArrayList<>();
        long allocated = AllocatedBytes.by(() -> {
            for (int i = 0; i < count; i++) {
                Envelopes envelopes = envelopes();
                envelopes.read(prefix.duplicate());
                begun.add(envelopes);
            }
        });

        assertThat(begun).allMatch(Envelopes::incomplete);
        assertThat(allocated / count).isLessThan(2 << 10);
    }

    @RepeatedTest(20)
    void messages_mayBeCutAnywhere(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        ByteBuf sent = Unpooled.buffer();
        List<byte[]> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] message = new byte[random.nextInt(random.nextBoolean() ? 4 : 9000)];
            random.nextBytes(message);
            sent.writeByte(0).writeInt(message.length).writeBytes(message);
            expected.add(message);
        }
        Envelopes envelopes = envelopes();
        while (sent.isReadable()) {
            envelopes.read(sent.readSlice(Math.min(sent.readableBytes(), random.nextInt(3000))));
        }

        assertThat(messages.stream().map(ByteBufUtil::hexDump))
                .containsExactlyElementsOf(
                        expected.stream().map(ByteBufUtil::hexDump).toList());
        assertThat(envelopes.incomplete()).isFalse();
        assertThat(bodies.held()).isZero();
    }
}
