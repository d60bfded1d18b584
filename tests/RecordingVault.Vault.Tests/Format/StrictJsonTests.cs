using System.Text;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Tests.Format;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{"format":1,"\ud800":1}""", FormatFailure.BadMember)]
    [InlineData("""{"format":2,"\ud800":1}""", FormatFailure.UnknownFormat)]
    [InlineData("""{"format":1,"\ud800":1}}""", FormatFailure.NotJson)]
    [InlineData("""{"format":1,"tenant":"\ud800"}""", FormatFailure.BadMember)]
    [InlineData("""{"format":1,"a":{"b":1,"\u0062":2}}""", FormatFailure.NotJson)]
    [InlineData("""{"a":{"format":1}}""", FormatFailure.UnknownFormat)]
    [InlineData("""[1]""", FormatFailure.UnknownFormat)]
    [InlineData("""{"format":1} 2""", FormatFailure.NotJson)]
    [InlineData("""{"format":10}""", FormatFailure.UnknownFormat)]
    public void What_is_not_strict_is_refused_by_its_class(string text, FormatFailure failure) =>
        Assert.Equal(failure, Assert.Throws<SealedFormatException>(() => ManifestReader.Read(Encoding.UTF8.GetBytes(text))).Failure);

    [Fact]
    public void Members_without_end_take_no_memory()
    {
        var text = Encoding.UTF8.GetBytes("{\"format\":1," + string.Join(',', Enumerable.Range(0, 500_000).Select(i => $"\"m{i}\":{i}")) + "}");

        AssertRefusedCheaply(text, FormatFailure.BadMember);
    }

    [Fact]
    public void Assets_without_end_take_no_memory()
    {
        var text = Encoding.UTF8.GetBytes("{\"format\":1,\"assets\":[" + string.Join(',', Enumerable.Repeat("{}", 1_000_000)) + "]}");

        AssertRefusedCheaply(text, FormatFailure.BadMember);
    }

    [Fact]
    public void An_id_of_megabytes_takes_no_memory()
    {
        var text = Encoding.UTF8.GetBytes("{\"format\":1,\"tenant\":\"" + new string('1', 10_000_000) + "\"}");

        AssertRefusedCheaply(text, FormatFailure.BadMember);
    }

    private static void AssertRefusedCheaply(byte[] text, FormatFailure failure)
    {
        Assert.Throws<SealedFormatException>(() => ManifestReader.Read("{}"u8));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var problem = Assert.Throws<SealedFormatException>(() => ManifestReader.Read(text));

        Assert.Equal(failure, problem.Failure);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }
}
