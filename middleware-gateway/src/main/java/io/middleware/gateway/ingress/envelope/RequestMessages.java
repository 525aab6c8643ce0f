package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.schema.MessageFrames;
import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Mono;

/** Turns the messages of a request into gRPC's. Confined to the stream's event loop. */
final class RequestMessages implements Envelopes.Receiver {
    private static final int COMPRESSED = 1;

    private final EnvelopedCall call;
    private final Envelopes envelopes;
    private final OrderedPieces pieces;

    RequestMessages(EnvelopedCall call, OrderedPieces.Output output) {
        this.call = call;
        this.envelopes =
                new Envelopes(call.services().largest(), call.services().bodies(), this);
        this.pieces = new OrderedPieces(output);
    }

    /**
     * Reads the next bytes. The caller still owns them.
     *
     * @throws Refusal if they are malformed
     */
    void read(ByteBuf data, boolean last) {
        envelopes.read(data);
        if (last) {
            end();
        }
        pieces.advance();
    }

    private void end() {
        if (envelopes.incomplete()) {
            throw ConnectError.invalidArgument(
                    "the request ends in the middle of a message (expected: as many bytes as its envelope announces)");
        }
        pieces.end();
    }

    boolean isBusy() {
        return pieces.isBusy();
    }

    /** Called when more of what was read is taken. */
    void resume() {
        pieces.resume();
    }

    void close() {
        envelopes.close();
        pieces.close();
    }

    @Override
    public boolean passes(int flags) {
        if (flags == 0) {
            return call.translation() == null;
        }
        if (flags != COMPRESSED) {
            throw ConnectError.invalidArgument(
                    "an envelope with the flags " + flags + " (expected: 0, or 1 if the message is compressed)");
        }
        if (!call.options().zipped()) {
            throw new ConnectError(
                            Code.INTERNAL,
                            "a message is marked as compressed (expected: "
                                    + call.options().encoding() + " that says how)")
                    .refusal();
        }
        return false;
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        pieces.add(bytes);
    }

    @Override
    public void onMessage(int flags, byte[] message, BodyBudget.Lease lease) {
        CallContext context = call.context(lease);
        Translation translation = call.translation();
        Mono<byte[]> plain = flags == COMPRESSED ? call.gzip().unzip(message, context) : Mono.just(message);
        pieces.add(
                translation == null
                        ? plain.map(MessageFrames::frame)
                        : plain.flatMap(bytes -> call.services().translator().request(translation, bytes, context)),
                lease);
    }
}
