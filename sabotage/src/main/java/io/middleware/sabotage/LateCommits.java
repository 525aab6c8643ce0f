package io.middleware.sabotage;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that return from {@code commit} at once, and commit after they were closed, so that a server that dies in
 * between loses what it has acknowledged.
 */
final class LateCommits {

    private static final Logger LOG = LoggerFactory.getLogger(LateCommits.class);

    private LateCommits() {}

    static DataSource of(DataSource database, Duration delay) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = call(database, method, arguments);
            return result instanceof Connection connection
                    ? proxy(Connection.class, new LateConnection(connection, delay))
                    : result;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
        }
    }

    /** Used by one thread at a time, as connections are. */
    private static final class LateConnection implements InvocationHandler {

        private final Connection connection;
        private final Duration delay;
        private boolean committed;

        LateConnection(Connection connection, Duration delay) {
            this.connection = connection;
            this.delay = delay;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            switch (method.getName()) {
                case "commit" -> {
                    committed = true;
                    return null;
                }
                case "close" -> {
                    if (!committed) {
                        break;
                    }
                    Thread.ofVirtual().name("late-commit").start(this::commitLate);
                    return null;
                }
                // would commit now; a connection that returns to its pool is reset there
                case "setAutoCommit", "setReadOnly" -> {
                    if (committed) {
                        return null;
                    }
                }
                default -> {}
            }
            return call(connection, method, arguments);
        }

        private void commitLate() {
            try (connection) {
                Thread.sleep(delay);
                connection.commit();
                connection.setAutoCommit(true);
            } catch (SQLException failed) {
                LOG.warn("a late commit failed: {}", failed.getMessage());
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
