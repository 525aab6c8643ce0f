package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A stack whose parts prove to each other who they are, from {@code ./stack up --tls} to new authorities. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TlsIT {

    private static final String HTTPS = "https://localhost:" + (8443 + Stack.OFFSET);
    private static final int RATE = 50;
    private static final int LOAD_SECONDS = 45;

    @TempDir
    private static Path folder;

    private static final Stack STACK = new Stack();
    private static DemoCertificates certificates;

    @BeforeAll
    static void start() {
        assumeTrue(Stack.MODE.missing().isEmpty(), Stack.MODE.missing());
        STACK.runs("down");
        certificates = new DemoCertificates(STACK, folder);
        STACK.runs(
                Map.of("MIDDLEWARE_SECURITY_MTLS_ENABLED", "true"),
                "up",
                Stack.MODE.flag(),
                "--port-offset",
                Integer.toString(Stack.OFFSET),
                "--tls",
                "--services",
                "2",
                "--secondaries",
                "0");
    }

    @AfterAll
    static void end() {
        STACK.runs("down");
    }

    @Test
    @Order(1)
    void eachProtocol_isServedAtOnePort() {
        for (String version : List.of("--http1.1", "--http2")) {
            assertThat(curl(version, HTTPS + "/hello").out()).isEqualTo("{\"message\":\"World\"}");
        }
        assertThat(STACK.runs("client", "--tls", "hello").out()).contains("World");
        assertThat(STACK.part("nginx").get("ports").get("https").asInt()).isEqualTo(8443 + Stack.OFFSET);
        assertThat(STACK.runs("certs").out()).contains("spiffe://middleware/gateway", "DNS:localhost");
        assertThat(STACK.run("up", "--services", "3").err()).contains("with other flags", "--tls");
    }

    @Test
    @Order(2)
    void certificatesThatAreNoGood_areRefusedByNginx() throws IOException {
        assertThat(curl("--cert", certificates.foreign().toString(), HTTPS + "/hello")
                        .out())
                .contains("\"status\":401", "refused the client certificate");
        assertThat(curl("--cert", certificates.expired().toString(), HTTPS + "/hello")
                        .out())
                .contains("\"status\":401", "expired");
        assertThat(curl("--cert", certificates.file("client.pem").toString(), HTTPS + "/hello")
                        .out())
                .contains("World");
    }

    @Test
    @Order(2)
    void certificateOfACaller_saysWhoCalls_inTheRecordsOfAllGateways() {
        String client = certificates.file("client.pem").toString();
        assertThat(curl("--cert", client, "--header", "x-call-id: why-known", HTTPS + "/hello")
                        .out())
                .contains("World");
        assertThat(curl("--header", "x-call-id: why-anonymous", HTTPS + "/hello")
                        .out())
                .contains("World");

        String known = curl(HTTPS + "/dashboard/calls/why-known").out();
        assertThat(known).contains("\"caller\":\"mtls:spiffe://middleware/client/stack\"", "\"silent\":[]");
        assertThat(curl(HTTPS + "/dashboard/calls/why-anonymous").out())
                .contains("\"silent\":[]")
                .doesNotContain("\"caller\"");
    }

    /** Of testssl.sh: protocols, ciphers, the server's preferences, and known vulnerabilities. */
    @Test
    @Order(2)
    void portForTls_hasNoFindingOfTestssl() throws IOException {
        assumeTrue(
                Shell.run(Map.of(), List.of("bash", "-c", "type -P testssl")).exit() == 0,
                "testssl is needed: the Debian package testssl.sh");
        Path findings = folder.resolve("testssl.json");
        Shell.Result result = Shell.run(
                Map.of(),
                List.of(
                        "testssl",
                        "--quiet",
                        "--color",
                        "0",
                        "--warnings",
                        "off",
                        "--severity",
                        "LOW",
                        "--jsonfile",
                        findings.toString(),
                        "-p",
                        "-s",
                        "-P",
                        "-U",
                        "localhost:" + (8443 + Stack.OFFSET)));
        assertThat(result.out()).contains("TLS 1.3    offered (OK)", "LUCKY13");
        assertThat(findings).content().isEqualToIgnoringWhitespace("[]");
    }

    @Test
    @Order(3)
    void innerPorts_areOpenToWhomTheyBelongAlone() throws IOException {
        Path foreign = certificates.foreign();
        Path expired = certificates.expired();
        Path client = certificates.file("client.pem");
        Map<String, Path> mayCall = new TreeMap<>();
        for (JsonNode part : STACK.status().get("parts")) {
            if (Stack.MODE.isOnThisMachine(part)) {
                switch (part.get("kind").asString()) {
                    case "gateway" -> {
                        mayCall.put(address(part, "http") + "/hello", certificates.file("nginx-client.pem"));
                        mayCall.put(address(part, "grpc"), certificates.file("nginx-client.pem"));
                    }
                    case "service" -> mayCall.put(address(part, "grpc"), certificates.file("gateway.pem"));
                    case "consul" -> mayCall.put(address(part, "https") + "/v1/status/leader", client);
                    default -> {}
                }
            }
        }

        assertThat(mayCall).isNotEmpty();
        mayCall.forEach((address, certificate) -> {
            assertThat(open(address, certificate))
                    .as("%s, expected one", address)
                    .isTrue();
            assertThat(open(address, null)).as("%s, none", address).isFalse();
            assertThat(open(address, foreign)).as("%s, foreign", address).isFalse();
            assertThat(open(address, expired)).as("%s, expired", address).isFalse();
            if (!certificate.equals(client)) {
                assertThat(open(address, client))
                        .as("%s, another name", address)
                        .isFalse();
            }
        });
    }

    @Test
    @Order(4)
    void rotation_losesNoCallAndRestartsNothing() throws Exception {
        // a JVM that has just started may be too slow for this rate on a busy machine, which is not what is tried here
        STACK.run("load", "--tls", "--grpc", "30", "--http", "30", "--for", "15s");
        Map<String, String> processes = processes();
        Path oldAuthority = certificates.copy("ca.pem");
        Path oldClient = certificates.copy("client.pem");
        Path out = folder.resolve("load.out");
        Process load = Shell.start(
                out,
                folder.resolve("load.err"),
                STACK.environment(),
                STACK.command(
                        "load",
                        "--tls",
                        "--grpc",
                        Integer.toString(RATE),
                        "--http",
                        Integer.toString(RATE),
                        "--for",
                        LOAD_SECONDS + "s"));
        try {
            STACK.runs("certs", "rotate");
            assertThat(Files.readString(certificates.file("ca.pem"))).isEqualTo(Files.readString(oldAuthority));
            assertThat(Files.readString(certificates.file("client.pem"))).isNotEqualTo(Files.readString(oldClient));

            STACK.runs("certs", "rotate", "--ca");
            assertThat(load.isAlive()).as("the load outlasts the rotation").isTrue();
            assertThat(load.waitFor(LOAD_SECONDS * 2, TimeUnit.SECONDS)).isTrue();
        } finally {
            load.destroy();
        }

        assertThat(load.exitValue()).as(Files.readString(out)).isZero();
        assertThat(processes()).isEqualTo(processes);
        assertThat(Files.readString(certificates.file("ca.pem"))).isNotEqualTo(Files.readString(oldAuthority));
        assertThat(curl(HTTPS + "/hello").out()).contains("World");
        assertThat(curl("--cert", oldClient.toString(), HTTPS + "/hello").out()).contains("\"status\":401");
        assertThat(Shell.run(Map.of(), List.of("curl", "-sS", "--cacert", oldAuthority.toString(), HTTPS + "/hello"))
                        .exit())
                .isNotZero();
    }

    private static Map<String, String> processes() {
        Map<String, String> processes = new TreeMap<>();
        for (JsonNode part : STACK.status().get("parts")) {
            processes.put(part.get("name").asString(), Stack.MODE.process(part));
        }
        return processes;
    }

    private static String address(JsonNode part, String port) {
        return "https://127.0.0.1:" + part.get("ports").get(port).asInt();
    }

    /** Whether anything is answered to a caller who does not care who answers. */
    private static boolean open(String address, Path certificate) {
        List<String> arguments = new ArrayList<>(List.of("--insecure", "--http2", "--output", "-", address));
        if (certificate != null) {
            arguments.addAll(List.of("--cert", certificate.toString()));
        }
        Shell.Result result = curl(arguments.toArray(String[]::new));
        return result.exit() == 0;
    }

    private static Shell.Result curl(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--max-time",
                "10",
                "--cacert",
                certificates.file("ca.pem").toString()));
        command.addAll(Arrays.asList(arguments));
        return Shell.run(Map.of(), command);
    }
}
