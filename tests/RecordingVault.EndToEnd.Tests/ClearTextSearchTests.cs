using System.Text;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

public sealed class ClearTextSearchTests : IDisposable
{
    private const string Word = "Jürgen-marigold-7f3a";

    private readonly string folder = Directory.CreateTempSubdirectory("recordingvault-search-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Forms =>
    [
        Word, Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Word)), Uri.EscapeDataString(Word),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("x" + Word + "yz")), Convert.ToBase64String(Encoding.UTF8.GetBytes("xx" + Word + "y")), Convert.ToBase64String(Encoding.UTF8.GetBytes(Word)),
    ];

    [Theory, MemberData(nameof(Forms))]
    public async Task A_word_is_found_in_every_form(string form)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "log"), $"before {form} after", Ct);

        Assert.Single(await ClearTextSearch.FindAsync(folder, [Word, "absent"], Ct));
    }

    [Fact]
    public async Task A_word_across_the_border_of_two_blocks_is_found()
    {
        var bytes = new byte[3 << 20];
        Encoding.Unicode.GetBytes(Word).CopyTo(bytes.AsSpan((1 << 20) - 7));
        Encoding.UTF8.GetBytes("second").CopyTo(bytes.AsSpan((2 << 20) + 100));
        await File.WriteAllBytesAsync(Path.Combine(folder, "journal"), bytes, Ct);

        Assert.Equal(2, (await ClearTextSearch.FindAsync(folder, [Word, "second"], Ct)).Count);
    }

    [Fact]
    public async Task A_word_in_a_name_is_found_and_noise_is_not()
    {
        Directory.CreateDirectory(Path.Combine(folder, Word));
        await File.WriteAllBytesAsync(Path.Combine(folder, Word, "noise"), [1, 2, 3], Ct);

        Assert.Single(await ClearTextSearch.FindAsync(folder, [Word, "absent"], Ct));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
