package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.headers.MetadataRules;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.ingress.CallId;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.route.RequestTarget;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Stands between Netty's HTTP codec and Reactor Netty. Lets each target reach the ingress, and puts refusals by the
 * framework itself (of a request that is not HTTP, or too long) into the form of our errors, with a reason and a call
 * id. Confined to its connection.
 */
final class HttpGuard extends ChannelDuplexHandler {
    private static final String NAME = "middleware.httpGuard";
    private static final int LONGEST_REASON = 200;
    /** A name or an IPv4 address, or an IPv6 address in brackets, and a port (RFC 3986, 3.2.2). */
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9\\-._~!$&'()*+,;=%]+|\\[[0-9A-Fa-f:.]+(%25[A-Za-z0-9._~-]+)?])(:[0-9]*)?");

    private final String gatewayId;
    private final Cors cors;
    private @Nullable String callId;
    private @Nullable String origin;
    /** Of an earlier request on the connection, whose form was right. */
    private @Nullable String knownHost;

    private String path = "";
    private @Nullable Throwable unreadable;

    private HttpGuard(String gatewayId, Cors cors) {
        this.gatewayId = gatewayId;
        this.cors = cors;
    }

    /** Returns the server with a guard on each of its connections. */
    static HttpServer on(HttpServer server, String gatewayId, Cors cors) {
        return server.doOnChannelInit((observer, channel, address) -> add(channel, new HttpGuard(gatewayId, cors)));
    }

    private static void add(Channel channel, HttpGuard guard) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
            pipeline.addBefore(NettyPipeline.HttpTrafficHandler, NAME, guard);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            callId = request.headers().get(MiddlewareHeaders.CALL_ID);
            origin = request.headers().get(HttpHeaderNames.ORIGIN);
            path = request.decoderResult().isFailure() ? "" : request.uri();
            ctx.fireChannelRead(checked(request));
        } else {
            if (message instanceof DecoderResultProvider content
                    && content.decoderResult().isFailure()) {
                unreadable = content.decoderResult().cause();
            }
            ctx.fireChannelRead(message);
        }
    }

    private HttpRequest checked(HttpRequest request) {
        Throwable wrong =
                request.decoderResult().isFailure() ? request.decoderResult().cause() : check(request);
        if (wrong == null) {
            return RequestTarget.shield(request);
        }
        unreadable = wrong;
        // as HTTP/1.1, for which the framework first finishes the requests before it on the connection
        HttpRequest refused = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        refused.setDecoderResult(DecoderResult.failure(wrong));
        return refused;
    }

    /** Checks what Netty lets through; returns null if nothing is wrong. */
    private @Nullable Throwable check(HttpRequest request) {
        if (request.protocolVersion().majorVersion() != 1) {
            return new IllegalArgumentException(request.protocolVersion() + " (expected: HTTP/1.1)");
        }
        int hosts = 0;
        boolean right = true;
        for (Iterator<Map.Entry<CharSequence, CharSequence>> all =
                        request.headers().iteratorCharSequence();
                all.hasNext(); ) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            if (!MetadataRules.isHttp(header.getKey(), header.getValue())) {
                return new IllegalArgumentException("header \"" + header.getKey()
                        + "\" (expected: a token, and no control characters in" + " its value)");
            }
            if (HttpHeaderNames.HOST.contentEqualsIgnoreCase(header.getKey())) {
                hosts++;
                right = isHost(header.getValue().toString());
            }
        }
        return hosts == 0 || hosts == 1 && right
                ? null
                : new IllegalArgumentException("Host: "
                        + String.join(", ", request.headers().getAll(HttpHeaderNames.HOST))
                        + " (expected: one host, with a port or without)");
    }

    private boolean isHost(String host) {
        if (host.isEmpty() || host.equals(knownHost)) {
            return true;
        }
        boolean right = HOST.matcher(host).matches();
        if (right) {
            knownHost = host;
        }
        return right;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean foreign = message instanceof FullHttpResponse response
                && response.status().code() >= 400
                && !response.headers().contains(MiddlewareHeaders.GATEWAY);
        ctx.write(foreign ? inOurForm((FullHttpResponse) message) : message, promise);
    }

    private FullHttpResponse inOurForm(FullHttpResponse refusal) {
        HttpResult answer =
                Problem.unreadable(refusal.status().code(), refusal.status().reasonPhrase(), reason(), path);
        FullHttpResponse response = new DefaultFullHttpResponse(
                refusal.protocolVersion(), refusal.status(), Unpooled.wrappedBuffer(answer.body()));
        response.headers()
                .set(refusal.headers())
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set(MiddlewareHeaders.CALL_ID, CallId.orNext(callId))
                .set(MiddlewareHeaders.GATEWAY, gatewayId);
        cors.addTo(origin, response.headers()::add);
        refusal.release();
        return response;
    }

    private String reason() {
        if (unreadable == null || unreadable.getMessage() == null) {
            return "the request cannot be taken (expected: HTTP/1.1)";
        }
        String reason = unreadable.getMessage();
        return "the request cannot be read: "
                + (reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...");
    }
}
