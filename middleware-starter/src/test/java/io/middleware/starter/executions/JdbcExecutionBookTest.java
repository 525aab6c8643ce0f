package io.middleware.starter.executions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Books of servers whose clocks are wrong, in H2. */
class JdbcExecutionBookTest {
    private static final Duration KEEP = Duration.ofHours(24);

    private DataSource database;
    private JdbcExecutionBook book;

    /** Returns a new database. */
    DataSource database() {
        return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    }

    @BeforeEach
    void start() {
        database = database();
        book = new JdbcExecutionBook(database, KEEP);
    }

    @Test
    void recordsAreDeleted_byTheClockOfTheDatabase() {
        book.write(by("ahead", 25));
        book.write(by("behind", -25));
        book.write(by("right", 0));
        new JdbcExecutionBook(database, KEEP).sweep();
        assertThat(book.after(0).executions())
                .extracting(Execution::instance)
                .containsExactly("ahead", "behind", "right");

        client().sql("update middleware_executions set written_at = written_at - interval '25' hour"
                        + " where instance = 'right'")
                .update();
        book.sweep();
        assertThat(book.after(0).executions()).extracting(Execution::instance).containsExactly("ahead", "behind");
    }

    @Test
    void tableOfAnOlderVersion_getsTheTime() {
        book.after(0);
        client().sql("alter table middleware_executions drop column written_at").update();
        JdbcExecutionBook newer = new JdbcExecutionBook(database, KEEP);
        newer.write(by("right", 0));
        newer.sweep();
        assertThat(newer.after(0).executions()).hasSize(1);
    }

    private JdbcClient client() {
        return JdbcClient.create(database);
    }

    /** Returns what a server writes whose clock is so many hours ahead. */
    private static Execution by(String instance, int hours) {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().plus(hours, ChronoUnit.HOURS));
        return new Execution(UUID.randomUUID().toString(), "call", "", "", "a.B/C", instance, now);
    }
}
