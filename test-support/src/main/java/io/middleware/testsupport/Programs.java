package io.middleware.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides where the servers of tests run: in containers if this machine's Docker engine already has the images,
 * otherwise as processes. The Dockerfile names the images, or {@code CONSUL_IMAGE} and {@code NGINX_IMAGE} in the
 * environment. The choice is printed once.
 */
final class Programs {

    private static final Map<String, String> IMAGES = new ConcurrentHashMap<>();
    private static final String NONE = "";

    private Programs() {}

    /**
     * Returns a program that is not started yet.
     *
     * @param name {@code consul} or {@code nginx}
     * @param folder below the folder for temporary files; it gets the log
     */
    static Program create(String name, Path folder, List<String> arguments) {
        String image = IMAGES.computeIfAbsent(name, Programs::chooseImage);
        return image.equals(NONE)
                ? new ProgramProcess(name, arguments, folder.resolve(name + ".log"))
                : Holder.ENGINE.program(name, image, arguments, folder);
    }

    private static String chooseImage(String name) {
        String image = image(name);
        String override = System.getProperty(name + ".binary", "");
        String lacking = override.isBlank() ? Holder.ENGINE.lacking(image) : "-D" + name + ".binary names " + override;
        System.out.println(
                "The tests' " + name + ": " + (lacking == null ? "container of " + image : "process, as " + lacking));
        return lacking == null ? image : NONE;
    }

    private static String image(String name) {
        String variable = name.toUpperCase(Locale.ROOT) + "_IMAGE";
        String asked = System.getenv(variable);
        return asked == null || asked.isBlank() ? imageOfDockerfile(variable) : asked;
    }

    private static String imageOfDockerfile(String variable) {
        Path file = Repository.root().resolve("Dockerfile");
        try {
            Matcher argument =
                    Pattern.compile("(?m)^ARG " + variable + "=(\\S+)$").matcher(Files.readString(file));
            if (!argument.find()) {
                throw new IllegalStateException(file + " says no ARG " + variable);
            }
            return argument.group(1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
    }

    /** Looks for the engine when the first program is needed. */
    private static final class Holder {
        private static final Engine ENGINE = Engine.find();
    }
}
