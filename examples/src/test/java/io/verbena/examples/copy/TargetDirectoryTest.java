package io.verbena.examples.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.examples.command.CommandFailedException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void aFileGetsItsNameWhenItIsStored() throws Exception {
        try (IncomingFile file = plain().begin(new CopyOffer("a.txt", 3))) {
            assertThat(file.allocate(0, 3)).isEqualTo(3);
            assertThat(directory.resolve("a.txt")).doesNotExist();
            MappedFile mapped = file.map();
            ByteBuffer octets = mapped.pieces().get(0);
            octets.put(0, new byte[] {'a', 'b', 'c'});
            mapped.force(0, 3);
            file.store();
        }

        assertThat(directory.resolve("a.txt")).hasContent("abc");
        assertThat(directory).isDirectoryNotContaining(path -> path.toString().contains(".part"));
    }

    @Test
    void aFileThatIsNotStoredLeavesNothing() throws Exception {
        try (IncomingFile file = plain().begin(new CopyOffer("a.txt", 10))) {
            file.allocate(0, 10);
            assertThat(directory).isNotEmptyDirectory();
        }

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anExistingFileIsRefusedAndStays() throws Exception {
        Files.writeString(directory.resolve("a.txt"), "mine");

        assertThatThrownBy(() -> plain().begin(new CopyOffer("a.txt", 1)))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("already exists");
        assertThat(directory.resolve("a.txt")).hasContent("mine");
    }

    @Test
    void aFileThatAppearsMeanwhileStays() throws Exception {
        try (IncomingFile file = plain().begin(new CopyOffer("a.txt", 0))) {
            Files.writeString(directory.resolve("a.txt"), "mine");

            assertThatThrownBy(file::store).isInstanceOf(FileAlreadyExistsException.class);
        }

        assertThat(directory.resolve("a.txt")).hasContent("mine");
    }

    @Test
    void anExistingFileIsReplacedWhenAllowed() throws Exception {
        Files.writeString(directory.resolve("a.txt"), "old");
        TargetDirectory replacing = new TargetDirectory(directory, true, Long.MAX_VALUE, path -> Long.MAX_VALUE);

        try (IncomingFile file = replacing.begin(new CopyOffer("a.txt", 0))) {
            file.store();
        }

        assertThat(directory.resolve("a.txt")).isEmptyFile();
    }

    @Test
    void aFullDiskIsToldBeforeAnythingIsWritten() {
        TargetDirectory full = new TargetDirectory(directory, false, Long.MAX_VALUE, path -> 99);

        assertThatThrownBy(() -> full.begin(new CopyOffer("a.txt", 100)))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("no room")
                .hasMessageContaining("99 octets");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aFileBeyondTheLimitIsRefused() {
        TargetDirectory small = new TargetDirectory(directory, false, 99, path -> Long.MAX_VALUE);

        assertThatThrownBy(() -> small.begin(new CopyOffer("a.txt", 100)))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("at most 99 octets");
    }

    @Test
    void oneNameIsReceivedOnceAtATime() throws Exception {
        TargetDirectory target = plain();
        try (IncomingFile first = target.begin(new CopyOffer("a.txt", 0))) {
            assertThatThrownBy(() -> target.begin(new CopyOffer("a.txt", 0)))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("right now");
            assertThat(first.map().pieces()).isEmpty();
        }
        target.begin(new CopyOffer("a.txt", 0)).close();

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theLongestNameHasATemporaryName() throws Exception {
        String name = "\uD83D\uDE00".repeat(50);

        try (IncomingFile file = plain().begin(new CopyOffer(name, 0))) {
            file.store();
        }

        assertThat(directory.resolve(name)).isEmptyFile();
    }

    /** Regression: such a name went unanswered, and the sender waited for its deadline. */
    @Test
    void aNameThatTheSystemCannotHaveIsRefused() {
        // A lone surrogate stands for a letter that the file system's character set does not have.
        assertThatThrownBy(() -> plain().begin(new CopyOffer("a\uD800.txt", 1)))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("cannot name a file");
        assertThat(directory).isEmptyDirectory();
    }

    private TargetDirectory plain() {
        return new TargetDirectory(directory, false, Long.MAX_VALUE, path -> Long.MAX_VALUE);
    }
}
