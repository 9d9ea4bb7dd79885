package io.verbena.requirements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import org.junit.jupiter.api.Test;

class RequirementExceptionsTest {
    private static final RequirementCatalogue CATALOGUE = RequirementCatalogue.load();

    @Test
    void theFileOfTheProjectIsReadable() {
        RequirementExceptions exceptions = RequirementExceptions.load(CATALOGUE);

        assertThat(exceptions.ids())
                .allSatisfy(id -> assertThat(exceptions.reason(id))
                        .as(id)
                        .hasValueSatisfying(reason -> assertThat(reason)
                                .as("a sentence that tells why %s is an exception", id)
                                .hasSizeGreaterThan(30)
                                .endsWith(".")));
    }

    @Test
    void givesTheReasonOfAnException() {
        RequirementExceptions exceptions = read("MPA-9.3-01,\"IPsec is below us, in the host.\"");

        assertThat(exceptions.ids()).containsExactly("MPA-9.3-01");
        assertThat(exceptions.reason("MPA-9.3-01")).contains("IPsec is below us, in the host.");
        assertThat(exceptions.reason("MPA-9.4-01")).isEmpty();
    }

    @Test
    void refusesAnIdThatTheCatalogueDoesNotHave() {
        assertThatThrownBy(() -> read("MPA-99-01,Because."))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("exceptions.csv:2 has the id MPA-99-01, which the catalogue does not have");
    }

    @Test
    void refusesAnIdThatIsThereTwice() {
        assertThatThrownBy(() -> read("MPA-9.3-01,One.\nMPA-9.3-01,Two."))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("exceptions.csv:3 repeats the id MPA-9.3-01");
    }

    @Test
    void refusesAnExceptionWithoutAReason() {
        assertThatThrownBy(() -> read("MPA-9.3-01, "))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("exceptions.csv:2 gives no reason for the exception MPA-9.3-01");
    }

    @Test
    void refusesALineThatHasMoreThanAnIdAndAReason() {
        assertThatThrownBy(() -> read("MPA-9.3-01,IPsec is below us, in the host."))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("exceptions.csv:2 has 3 values where there should be 2, an id and a reason"
                        + " (between quotation marks if there is a comma in it)");
    }

    @Test
    void refusesAFileWithoutItsHead() {
        assertThatThrownBy(() -> RequirementExceptions.read(new StringReader("MPA-9.3-01,One."), CATALOGUE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("exceptions.csv does not begin with the line id,reason");
    }

    private static RequirementExceptions read(String lines) {
        return RequirementExceptions.read(new StringReader("id,reason\n" + lines + "\n"), CATALOGUE);
    }
}
