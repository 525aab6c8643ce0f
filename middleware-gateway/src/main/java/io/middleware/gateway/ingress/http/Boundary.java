package io.middleware.gateway.ingress.http;

import io.middleware.core.Code;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.netty.buffer.ByteBuf;

/**
 * Where a caller's bytes become a message, and a server's message bytes for a caller. What goes wrong is somebody's mistake: in a
 * request its caller's, in a response its server's. Either is said in words, and nothing else comes out.
 */
final class Boundary {

    private Boundary() {
    }

    /** @throws Refusal {@code INVALID_ARGUMENT}, naming what is wrong */
    static ByteBuf request(Translation translation, byte[] body) {
        try {
            return translation.message(body);
        } catch (ProtoJsonException wrong) {
            throw ConnectError.invalidArgument(wrong.getMessage());
        }
    }

    /** @throws Refusal {@code INTERNAL}, naming what is wrong with the response */
    static HttpAnswer response(Translation translation, byte[] message) {
        try {
            return translation.answer(message);
        } catch (ProtoJsonException wrong) {
            throw new ConnectError(Code.INTERNAL, "the server's response cannot be given as JSON: " + wrong.getMessage()).refusal();
        }
    }
}
