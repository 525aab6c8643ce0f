package io.middleware.gateway.tls;

import io.middleware.starter.tls.PeerNames;
import io.middleware.starter.tls.RefusalLog;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Stands behind the TLS of a caller's connection: notes who it is, or logs why it is refused. */
final class CallerHandshake extends ChannelInboundHandlerAdapter {
    private final SslHandler tls;
    private final PeerNames names;
    private final RefusalLog refusals;
    private boolean over;

    CallerHandshake(SslHandler tls, PeerNames names, RefusalLog refusals) {
        this.tls = tls;
        this.names = names;
        this.refusals = refusals;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            over = true;
            if (!handshake.isSuccess()) {
                refuse(ctx, handshake.cause());
                return;
            }
            try {
                X509Certificate own =
                        (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
                names.match(own).map(PeerIdentity::new).ifPresent(peer -> peer.noteOn(ctx.channel()));
            } catch (SSLPeerUnverifiedException none) {
                refuse(ctx, none);
                return;
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private void refuse(ChannelHandlerContext ctx, Throwable why) {
        refusals.refused(ctx.channel().remoteAddress(), ctx.channel().localAddress(), why);
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (!(failure instanceof SSLException)
                && !(failure instanceof DecoderException && failure.getCause() instanceof SSLException)) {
            ctx.fireExceptionCaught(failure);
        } else if (over && PeerIdentity.of(ctx.channel()) != null) {
            // such as an alert: this caller does not accept the gateway's certificate
            refuse(ctx, failure);
        } else {
            ctx.close();
        }
    }
}
