package io.middleware.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;

/** The repository that the tests run in. */
public final class Repository {

    private Repository() {}

    /**
     * Returns the folder that contains {@code mvnw}, searched upwards from the working directory.
     *
     * @throws IllegalStateException if the working directory is outside of the repository
     */
    public static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder with mvnw in it above " + start);
    }

    /**
     * Returns a module's executable jar.
     *
     * @throws IllegalStateException if the module is not packaged yet
     */
    public static Path jar(String module) {
        Path jar = root().resolve(module).resolve("target").resolve(module + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(
                    jar + " is not there; build it first: ./mvnw package -DskipTests -pl " + module + " -am");
        }
        return jar;
    }
}
