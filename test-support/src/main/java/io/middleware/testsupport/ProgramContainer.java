package io.middleware.testsupport;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/** A program in a container, with the rights of the user who runs the tests. */
final class ProgramContainer implements Program {

    private static final int STOP_LIMIT_SECONDS = 10;

    private final GenericContainer<?> container;

    /**
     * @param name name of the program, on the image's path
     * @param temporary folder of this machine that the container has at the same path
     * @param user {@code uid:gid}
     * @param labels labels of the container
     */
    ProgramContainer(
            String name,
            DockerImageName image,
            List<String> arguments,
            Path temporary,
            String user,
            Map<String, String> labels) {
        String folder = temporary.toString();
        container = new GenericContainer<>(image)
                .withImagePullPolicy(known -> false)
                .withCommand(arguments.toArray(String[]::new))
                .withLabels(labels)
                .withNetworkMode("host")
                .withStartupCheckStrategy(new Unchecked())
                .withCreateContainerCmdModifier(create -> create.withEntrypoint(name)
                        .withUser(user)
                        .withStopSignal("SIGTERM")
                        .getHostConfig()
                        .withBinds(new Bind(folder, new Volume(folder), AccessMode.rw)));
    }

    @Override
    public void start() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            client().startContainerCmd(id()).exec();
        }
    }

    @Override
    public boolean isAlive() {
        return container.getContainerId() != null && Boolean.TRUE.equals(state().getRunning());
    }

    @Override
    public void stop() {
        thaw();
        try {
            client().stopContainerCmd(id()).withTimeout(STOP_LIMIT_SECONDS).exec();
        } catch (NotModifiedException gone) {
            // as asked
        }
    }

    @Override
    public void kill() {
        thaw();
        try {
            client().killContainerCmd(id()).exec();
        } catch (ConflictException gone) {
            return;
        }
        client().waitContainerCmd(id()).start().awaitStatusCode();
    }

    @Override
    public void freeze() {
        client().pauseContainerCmd(id()).exec();
    }

    @Override
    public void thaw() {
        if (Boolean.TRUE.equals(state().getPaused())) {
            client().unpauseContainerCmd(id()).exec();
        }
    }

    @Override
    public String log() {
        return container.getLogs();
    }

    @Override
    public void close() {
        if (container.getContainerId() != null) {
            stop();
            container.stop();
        }
    }

    private ContainerState state() {
        return client().inspectContainerCmd(id()).exec().getState();
    }

    private DockerClient client() {
        return container.getDockerClient();
    }

    private String id() {
        return container.getContainerId();
    }

    /** Does not wait: callers check that it lives, and report its output if not. */
    private static final class Unchecked extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(DockerClient client, String containerId) {
            return StartupStatus.SUCCESSFUL;
        }
    }
}
