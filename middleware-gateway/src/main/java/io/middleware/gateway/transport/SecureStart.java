package io.middleware.gateway.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** Stands behind the TLS of a connection to an instance, and passes on why it failed. */
final class SecureStart extends ChannelInboundHandlerAdapter {
    private final SslHandler tls;
    private final Consumer<Throwable> failed;

    SecureStart(SslHandler tls, Consumer<Throwable> failed) {
        this.tls = tls;
        this.failed = failed;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                fail(ctx, handshake.cause());
            } else if (!ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
                fail(ctx, new SSLException("no HTTP/2 (expected: the protocol h2, by ALPN)"));
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Called also after the handshake: with TLS 1.3 a server refuses a client's certificate only then. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (failure instanceof SSLException) {
            fail(ctx, failure);
        } else if (failure instanceof DecoderException && failure.getCause() instanceof SSLException inner) {
            fail(ctx, inner);
        } else {
            ctx.fireExceptionCaught(failure);
        }
    }

    private void fail(ChannelHandlerContext ctx, Throwable failure) {
        failed.accept(failure);
        ctx.close();
    }
}
