package io.middleware.testsupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Info;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

/** This machine's Docker engine, in whose containers tests run their servers where possible. */
final class Engine {

    /** Label of each container: the id of the JVM whose tests need it. */
    private static final String OWNER = "io.middleware.tests.jvm";
    /** Unless it is set, Testcontainers pulls an image of its own. */
    private static final String UNWATCHED = "TESTCONTAINERS_RYUK_DISABLED";

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** Why it cannot be used. */
    private final @Nullable String lacking;

    private Engine(@Nullable String lacking) {
        this.lacking = lacking;
    }

    /** Looks for the engine, and removes containers that the tests of killed JVMs have left. */
    static Engine find() {
        String lacking = lacking();
        if (lacking == null) {
            removeOrphans();
        }
        return new Engine(lacking);
    }

    /** Why a program of this image cannot be run. */
    @Nullable
    String lacking(String image) {
        if (lacking != null) {
            return lacking;
        }
        try {
            client().inspectImageCmd(image).exec();
            return null;
        } catch (NotFoundException absent) {
            return "the Docker engine has no image " + image;
        }
    }

    Program program(String name, String image, List<String> arguments, Path temporary) {
        quieten(); // again: who configures the logging forgets it
        try {
            String user = Files.getAttribute(temporary, "unix:uid") + ":" + Files.getAttribute(temporary, "unix:gid");
            return new ProgramContainer(
                    name,
                    DockerImageName.parse(image),
                    arguments,
                    temporary,
                    user,
                    Map.of(OWNER, Long.toString(ProcessHandle.current().pid())));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot see whose " + temporary + " is", unreadable);
        }
    }

    private static @Nullable String lacking() {
        if (!Boolean.parseBoolean(System.getenv(UNWATCHED))) {
            return UNWATCHED + " is not true, which ./mvnw sees to";
        }
        if (!answers(socket())) {
            return "no Docker engine responds";
        }
        quieten();
        Info info = client().infoCmd().exec();
        List<String> security = info.getSecurityOptions() == null ? List.of() : info.getSecurityOptions();
        if (!hostName().equals(info.getName()) || security.stream().anyMatch(option -> option.contains("rootless"))) {
            return "the network of the Docker engine's host is not this machine's";
        }
        return null;
    }

    private static Path socket() {
        String host = System.getenv("DOCKER_HOST");
        return Path.of(host == null || host.isBlank() ? "/var/run/docker.sock" : host.replaceFirst("^unix://", ""));
    }

    /** Returns the engine's socket. An engine reached over a network is not this machine's. */
    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException | UnsupportedOperationException nobody) {
            return false;
        }
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException notLinux) {
            return "";
        }
    }

    private static void removeOrphans() {
        List<Container> all = client().listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(OWNER))
                .exec();
        Stream<Container> orphans = all.stream()
                .filter(container -> ProcessHandle.of(
                                Long.parseLong(container.getLabels().get(OWNER)))
                        .isEmpty());
        orphans.forEach(orphan -> {
            try {
                client().removeContainerCmd(orphan.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException removedByOthers) {
                // as wanted
            }
        });
    }

    /** Turns off Testcontainers' log messages: some tests check that the log is silent. */
    private static void quieten() {
        for (String name : List.of("org.testcontainers", "tc")) {
            if (LoggerFactory.getLogger(name) instanceof Logger logger) {
                logger.setLevel(Level.ERROR);
            }
        }
    }

    private static DockerClient client() {
        return DockerClientFactory.instance().client();
    }
}
