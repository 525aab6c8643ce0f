package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.schema.MessageFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import reactor.core.publisher.Mono;

/** Turns the messages of a response into JSON. Confined to the stream's event loop. */
final class ResponseMessages implements Envelopes.Receiver {
    /** Bytes from which on it is worth to compress. */
    private static final int WORTH_ZIPPING = 1024;

    private static final int PREFIX = 5;
    private static final int COMPRESSED = 1;

    private final EnvelopedCall call;
    private final Translation translation;
    private final Envelopes envelopes;
    private final OrderedPieces pieces;

    ResponseMessages(EnvelopedCall call, Translation translation, OrderedPieces.Output output) {
        this.call = call;
        this.translation = translation;
        this.envelopes =
                new Envelopes(call.services().largest(), call.services().bodies(), this);
        this.pieces = new OrderedPieces(output);
    }

    /**
     * Reads the next bytes. The caller still owns them.
     *
     * @throws Refusal if they cannot be translated
     */
    void read(ByteBuf data) {
        envelopes.read(data);
        pieces.advance();
    }

    void end() {
        pieces.end();
        pieces.advance();
    }

    boolean isBusy() {
        return pieces.isBusy();
    }

    /** Called when more of what was read is taken. */
    void resume() {
        pieces.resume();
    }

    /** Drops what is not written yet. */
    void stop() {
        envelopes.close();
        pieces.stop();
    }

    void close() {
        envelopes.close();
        pieces.close();
    }

    @Override
    public boolean passes(int flags) {
        if (flags != 0) {
            throw new ConnectError(
                            Code.INTERNAL, "the server compressed its response, though the request did not allow it")
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
        pieces.add(
                call.services()
                        .translator()
                        .response(translation, message, context)
                        .map(HttpResult::body)
                        .flatMap(json -> enveloped(json, context)),
                lease);
    }

    private Mono<ByteBuf> enveloped(byte[] json, CallContext context) {
        return call.options().takesZipped() && json.length >= WORTH_ZIPPING
                ? call.gzip().zip(json, context).map(ResponseMessages::zippedFrame)
                : Mono.just(MessageFrames.frame(json));
    }

    private static ByteBuf zippedFrame(byte[] zipped) {
        ByteBuf prefix = Unpooled.buffer(PREFIX, PREFIX).writeByte(COMPRESSED).writeInt(zipped.length);
        return Unpooled.wrappedBuffer(prefix, Unpooled.wrappedBuffer(zipped));
    }
}
