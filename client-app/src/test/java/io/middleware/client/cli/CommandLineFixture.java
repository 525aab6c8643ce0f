package io.middleware.client.cli;

import io.middleware.testsupport.ShopServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Runs the command line against real servers, as a user would, and keeps what it prints. */
abstract class CommandLineFixture {

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    String name = "client";
    String in = "";
    Ansi ansi = Ansi.OFF;
    HelloServer hello;
    ShopServer shop;

    @BeforeEach
    void startServers() throws IOException {
        hello = HelloServer.start();
        shop = ShopServer.startWithReflection();
    }

    @AfterEach
    void stopServers() {
        hello.close();
        shop.close();
    }

    /** @return the exit code */
    int run(String... arguments) {
        CommandLine command = Main.commandLine(name, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
        command.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
        return command.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    int callShop(String method, String... messages) {
        String[] arguments = new String[messages.length + 4];
        System.arraycopy(messages, 0, arguments, 4, messages.length);
        arguments[0] = "call";
        arguments[1] = "--target";
        arguments[2] = shop.target();
        arguments[3] = "shop.v1.ShopService/" + method;
        return run(arguments);
    }
}
