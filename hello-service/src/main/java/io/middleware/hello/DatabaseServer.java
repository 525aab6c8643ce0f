package io.middleware.hello;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.h2.tools.Server;

/**
 * The database of {@code ./stack up} as processes: H2 in a process of its own, for all servers.
 *
 * <p>It creates the database itself, with the user and password of its environment, and lets nobody else create one:
 * a client that may create a database of H2 may run code in its process.
 */
final class DatabaseServer {

    /**
     * Without a delay, what is committed has been written to the file before the client hears of it, so that it outlives
     * this process. And the database stays open without clients.
     */
    private static final String SETTINGS = "WRITE_DELAY=0;DB_CLOSE_DELAY=-1";

    private DatabaseServer() {}

    /** @param arguments the port on 127.0.0.1, and the folder of the data */
    public static void main(String[] arguments) throws SQLException {
        String port = arguments[0];
        String folder = arguments[1];
        System.setProperty("h2.bindAddress", "127.0.0.1");
        DriverManager.getConnection(
                        "jdbc:h2:file:" + folder + "/hello;" + SETTINGS,
                        System.getenv("SPRING_DATASOURCE_USERNAME"),
                        System.getenv("SPRING_DATASOURCE_PASSWORD"))
                .close();
        Server.createTcpServer("-tcpPort", port, "-baseDir", folder, "-ifExists")
                .start();
    }
}
