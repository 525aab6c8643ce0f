package io.middleware.gateway.transport;

import io.middleware.core.Timers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of all calls. A call stays on the loop of its caller's connection, to the instance and back: nothing
 * is handed over between threads, and nothing is locked. One further loop, of a lower priority, is for background work.
 */
public final class EventLoops implements AutoCloseable {
    private static final int DEAD_AFTER_SECONDS = 30;

    private final MultiThreadIoEventLoopGroup group;
    private final MultiThreadIoEventLoopGroup background;
    private final Class<? extends Channel> socket;
    private final Class<? extends ServerChannel> serverSocket;

    /** {@code threads}: usually the number of processors. */
    public EventLoops(int threads) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("call", true), io);
        background = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("background", true, Thread.MIN_PRIORITY), io);
        socket = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        serverSocket = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    public MultiThreadIoEventLoopGroup group() {
        return group;
    }

    /**
     * Returns the loop for the gateway's own requests to instances, whose responses take long to process: no call waits
     * for that.
     */
    public EventLoop background() {
        return background.next();
    }

    public Class<? extends Channel> socket() {
        return socket;
    }

    public Class<? extends ServerChannel> serverSocket() {
        return serverSocket;
    }

    /**
     * Has the operating system close a connection whose peer's system no longer responds; that of a frozen process
     * still does. Otherwise a stream without a deadline would wait for minutes, or for ever if nothing is sent.
     */
    public static void endDeadConnections(SocketOptions connection) {
        connection.set(ChannelOption.SO_KEEPALIVE, true);
        if (Epoll.isAvailable()) {
            connection.set(EpollChannelOption.TCP_KEEPIDLE, DEAD_AFTER_SECONDS / 2);
            connection.set(EpollChannelOption.TCP_KEEPINTVL, DEAD_AFTER_SECONDS / 6);
            connection.set(EpollChannelOption.TCP_KEEPCNT, 3);
            connection.set(EpollChannelOption.TCP_USER_TIMEOUT, DEAD_AFTER_SECONDS * 1000);
        }
    }

    /** The options of a bootstrap, for the connections that it makes or accepts. */
    @FunctionalInterface
    public interface SocketOptions {
        <T> void set(ChannelOption<T> option, T value);
    }

    /** Returns the loop of the current thread, or any loop on another thread. */
    public EventLoop current() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return (EventLoop) loop;
            }
        }
        return group.next();
    }

    /** Returns the timers for calls that are confined to {@code loop}. */
    public static Timers timers(EventLoop loop) {
        return new LoopTimers(loop);
    }

    @Override
    public void close() {
        background.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        background.terminationFuture().syncUninterruptibly();
    }
}
