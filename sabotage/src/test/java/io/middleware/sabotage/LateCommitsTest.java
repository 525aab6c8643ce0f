package io.middleware.sabotage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LateCommitsTest {

    private final JdbcDataSource database = new JdbcDataSource();

    @BeforeEach
    void createTable() throws SQLException {
        database.setURL("jdbc:h2:mem:late" + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table book (name varchar(10))");
        }
    }

    @Test
    void commit_returnsBeforeItIsDone() throws SQLException, InterruptedException {
        sign(LateCommits.of(database, Duration.ofMillis(500)), true);

        assertThat(lines()).isZero();
        long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (lines() == 0 && System.nanoTime() < limit) {
            Thread.sleep(10);
        }
        assertThat(lines()).isEqualTo(1);
    }

    @Test
    void withoutACommit_nothingIsWritten() throws SQLException {
        sign(LateCommits.of(database, Duration.ZERO), false);

        assertThat(lines()).isZero();
    }

    private static void sign(DataSource database, boolean commit) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("insert into book values ('Ada')");
            }
            if (commit) {
                connection.commit();
            } else {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    private int lines() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from book")) {
            count.next();
            return count.getInt(1);
        }
    }
}
