package io.middleware.starter.idempotency.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookBlockingStub;
import io.middleware.starter.idempotency.IdempotencyMeters;
import io.middleware.starter.idempotency.IdempotencyProperties;
import io.middleware.starter.idempotency.IdempotencyScope;
import io.middleware.starter.idempotency.KeyedCalls;
import io.middleware.starter.idempotency.KeyedMethods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One server with a pool of connections of its own, and a caller. */
final class KeyedServer implements AutoCloseable {
    static final Metadata.Key<String> KEY = Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<String> CALLER = Metadata.Key.of("middleware-caller", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<String> REPLAYED =
            Metadata.Key.of("idempotency-replayed", Metadata.ASCII_STRING_MARSHALLER);

    /** Set by an interceptor of the application. */
    static final Context.Key<String> TENANT = Context.key("tenant");

    static final int CONNECTIONS = 8;

    private static final IdempotencyProperties SETTINGS = new IdempotencyProperties(
            true,
            List.of(),
            Duration.ofHours(24),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2),
            "middleware_idempotency",
            true,
            Duration.ofMinutes(10));

    final HikariDataSource database;
    final Book book;
    final JdbcLedger ledger;
    final TableSetup setup;
    final KeyTable table;
    final Sweeper sweeper;
    final JdbcTemplate jdbc;
    final IdempotencyMeters meters = new IdempotencyMeters();
    /** Calls that an interceptor of the application saw. */
    final AtomicInteger seen = new AtomicInteger();

    final AtomicReference<Metadata> headers = new AtomicReference<>();
    final AtomicReference<Metadata> trailers = new AtomicReference<>();

    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;
    private final ManagedChannel channel;

    KeyedServer(String url, String user) {
        this(url, user, KeyedServer::plain, Book::new);
    }

    interface Managers {
        PlatformTransactionManager of(DataSource database);
    }

    static PlatformTransactionManager plain(DataSource database) {
        return new JdbcTransactionManager(database);
    }

    KeyedServer(String url, String user, Managers managers) {
        this(url, user, managers, Book::new);
    }

    KeyedServer(String url, String user, Managers managers, Function<DataSource, Book> service) {
        this(url, user, managers, service, TableSetup::dialect);
    }

    static KeyedServer withStandardSql(String url, String user) {
        SqlDialect standard = new SqlDialect.Standard();
        return new KeyedServer(url, user, KeyedServer::plain, Book::new, _ -> standard);
    }

    private KeyedServer(
            String url,
            String user,
            Managers managers,
            Function<DataSource, Book> service,
            Function<TableSetup, SqlDialect> dialect) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword("");
        config.setMaximumPoolSize(CONNECTIONS);
        // with none, HikariCP may let a call wait for its timeout though the pool has room
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5000);
        config.setInitializationFailTimeout(-1);
        config.setExceptionOverrideClassName(LostConnections.class.getName());
        database = new HikariDataSource(config);
        jdbc = new JdbcTemplate(database);
        book = service.apply(database);
        PlatformTransactionManager manager = managers.of(database);
        setup = new TableSetup(jdbc, SETTINGS, "");
        setup.check();
        table = new KeyTable(jdbc, "middleware_idempotency", () -> dialect.apply(setup));
        ledger = new JdbcLedger(manager, setup, table, SETTINGS.keep(), CONNECTIONS);
        sweeper = new Sweeper(table, setup, new TransactionTemplate(manager), SETTINGS.keep(), meters);
        ServerServiceDefinition keyed = new KeyedCalls(
                        ledger, IdempotencyScope.byGateway(), meters, SETTINGS.longestWait(), List.of())
                .keyed(book.bindService(), KeyedMethods.of(List.of(book), List.of()));
        try {
            server = NettyServerBuilder.forPort(0)
                    .executor(calls)
                    .addService(ServerInterceptors.intercept(keyed, new Counting()))
                    .build()
                    .start();
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    private final class Counting implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
            seen.incrementAndGet();
            return Contexts.interceptCall(Context.current().withValue(TENANT, "interceptor"), call, metadata, next);
        }
    }

    GuestbookBlockingStub unkeyed() {
        return GuestbookGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    GuestbookBlockingStub withKey(String key) {
        return withKey(key, "");
    }

    GuestbookBlockingStub withKey(String key, String caller) {
        Metadata sent = new Metadata();
        sent.put(KEY, key);
        if (!caller.isEmpty()) {
            sent.put(CALLER, caller);
        }
        return unkeyed()
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(sent),
                        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    }

    ManagedChannel channel() {
        return channel;
    }

    /** As at the end of a shutdown whose grace period is over. It takes no more calls. */
    void interruptCalls() {
        calls.shutdownNow();
    }

    int connectionsInUse() {
        return database.getHikariPoolMXBean().getActiveConnections();
    }

    long keys() {
        return table.rows();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        sweeper.close();
        database.close();
    }
}
