package io.middleware.gateway.ingress.grpc;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.Consumer;

/**
 * Puts the handlers of a caller's stream into its pipeline, and leaves it. Netty's own {@code ChannelInitializer} keeps
 * a concurrent set of the pipelines at which it is at work, which costs every call a little, and a stream's pipeline
 * stays on one thread.
 */
@ChannelHandler.Sharable
final class StreamSetup extends ChannelHandlerAdapter {
    private final Consumer<ChannelHandlerContext> setup;

    /** {@code setup} adds handlers behind this one. */
    StreamSetup(Consumer<ChannelHandlerContext> setup) {
        this.setup = setup;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        setup.accept(ctx);
        ctx.pipeline().remove(this);
    }
}
