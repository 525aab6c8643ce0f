package io.middleware.gateway.transport;

import java.util.concurrent.TimeUnit;

import io.middleware.core.Timers;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;

/**
 * The threads that carry calls. A call stays on the one that its caller's connection is on, from there to the instance and back:
 * nothing is handed over and nothing is locked.
 */
public final class EventLoops implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group;
    private final Class<? extends Channel> socket;
    private final Class<? extends ServerChannel> serverSocket;

    /** {@code threads} as many as there are processors, usually. */
    public EventLoops(int threads) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("call", true), io);
        socket = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        serverSocket = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    public MultiThreadIoEventLoopGroup group() {
        return group;
    }

    public Class<? extends Channel> socket() {
        return socket;
    }

    public Class<? extends ServerChannel> serverSocket() {
        return serverSocket;
    }

    /** The loop of the current thread, or any if it has none. */
    public EventLoop current() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return (EventLoop) loop;
            }
        }
        return group.next();
    }

    /** The timers for calls that are confined to {@code loop}. */
    public static Timers timers(EventLoop loop) {
        return new LoopTimers(loop);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
