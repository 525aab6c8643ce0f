package io.middleware.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The folder of a database's server, and its programs, which run as {@code nobody} if the tests run as root: these servers refuse to
 * run as root.
 */
final class DatabaseFolder {
    private static final String OTHER_USER = "nobody";

    private final Path folder;

    private DatabaseFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes one; {@code name}: begins its name. */
    static DatabaseFolder create(String name) {
        try {
            Path folder = Files.createTempDirectory(name + "-");
            Path data = Files.createDirectory(folder.resolve("data"));
            if (isRoot()) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.setOwner(
                        data,
                        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(OTHER_USER));
            }
            return new DatabaseFolder(folder);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot create a folder for " + name, unwritable);
        }
    }

    /** Returns where the data are. */
    Path data() {
        return folder.resolve("data");
    }

    /** Starts a program, whose output goes to a file here. */
    OsProcess run(Path program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + OTHER_USER, "--regid=65534", "--clear-groups"));
        }
        command.add(program.toString());
        command.addAll(List.of(arguments));
        String name = program.getFileName().toString();
        return OsProcess.start(name, command, Map.of(), folder.resolve(name + ".log"));
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }
}
