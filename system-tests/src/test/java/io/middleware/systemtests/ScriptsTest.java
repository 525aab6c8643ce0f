package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the files of {@code ./stack} may not contain, as Bash fails there only now and then. */
class ScriptsTest {

    private static final Path PROJECT = Repository.root();
    private static final Pattern HERE_DOCUMENT =
            Pattern.compile("(?<!<)<<-?([A-Z]+)\\n(.*?)\\n\\s*\\1\\n", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("\\$\\((?!\\()[^\\n]*|`[^\\n]*");

    /** Bash 5.2 ends with "unexpected EOF" when it handles a signal while such a command runs, and so does an interrupted {@code up}. */
    @Test
    void hereDocuments_runNoCommands() throws IOException {
        List<String> commands = new ArrayList<>();
        int documents = 0;
        for (Path script : scripts()) {
            Matcher document = HERE_DOCUMENT.matcher(Files.readString(script));
            while (document.find()) {
                documents++;
                Matcher command = COMMAND.matcher(document.group(2));
                while (command.find()) {
                    commands.add(script.getFileName() + ": " + command.group());
                }
            }
        }
        assertThat(documents).isPositive();
        assertThat(commands).isEmpty();
    }

    private static List<Path> scripts() throws IOException {
        try (Stream<Path> parts = Files.list(PROJECT.resolve("stack.d"))) {
            return Stream.concat(Stream.of(PROJECT.resolve("stack")), parts).toList();
        }
    }
}
