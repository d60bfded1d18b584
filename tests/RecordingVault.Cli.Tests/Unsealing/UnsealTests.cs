using System.Security.Cryptography;
using System.Text.Json;
using RecordingVault.Cli.Tests.Bucket;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Cli.Tests.Unsealing;

public sealed class UnsealTests : IAsyncLifetime
{
    private static readonly int[] ThreeSegments = [300_000, 65_536, 1];

    private TestBucket bucket = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => bucket = await TestBucket.CreateAsync(Ct);

    public ValueTask DisposeAsync() => bucket.DisposeAsync();

    [Fact]
    public async Task Without_a_recording_it_lists_what_is_there()
    {
        var first = await bucket.PutRecordingAsync("Coaching, first session", ThreeSegments, Ct);
        var second = await bucket.PutRecordingAsync("Größe 會議", [10], Ct);

        var run = await UnsealAsync();

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains($"tenant {bucket.TenantId}", run.Out);
        Assert.Contains($"{first.Id}  365582 bytes in 2 assets  Coaching, first session", run.Out);
        Assert.Contains($"{second.Id}  55 bytes in 2 assets  Größe 會議", run.Out);
    }

    [Fact]
    public async Task A_title_that_would_turn_the_line_around_is_listed_and_turns_nothing()
    {
        await bucket.PutRecordingAsync("Coaching \u202E4pm.exe", [10], Ct);

        var run = await UnsealAsync();

        Assert.Contains(@"assets  Coaching \u202E4pm.exe", run.Out);
    }

    [Fact]
    public async Task A_whole_recording_comes_out_as_it_went_in()
    {
        var recording = await bucket.PutRecordingAsync("Coaching", ThreeSegments, Ct);

        var run = await UnsealAsync("--recording", $"{recording.Id}", "-o", bucket.Out);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(recording.Original, await File.ReadAllBytesAsync(Path.Combine(bucket.Out, recording.OriginalFile), Ct));
        Assert.Equal(recording.Captions, await File.ReadAllBytesAsync(Path.Combine(bucket.Out, recording.CaptionsFile), Ct));
        Assert.Equal(3, Directory.EnumerateFileSystemEntries(bucket.Out).Count());
    }

    [Fact]
    public async Task The_independent_reader_opens_the_same_bytes()
    {
        var recording = await bucket.PutRecordingAsync("Größe \"會議\" 🎙", ThreeSegments, Ct);
        var (ours, theirs) = (Path.Combine(bucket.Out, "ours"), Path.Combine(bucket.Out, "theirs"));
        Directory.CreateDirectory(bucket.Out);

        var run = await UnsealAsync("--tenant", $"{bucket.TenantId}", "--recording", $"{recording.Id}", "-o", ours);
        var other = await OutsideProgram.OpenPyAsync(
            "recording", "--root-key", bucket.RootKeyFile, "--store", bucket.Folder, "--tenant", $"{bucket.TenantId}", "--recording", $"{recording.Id}", "-o", theirs);

        Assert.Equal((0, 0, ""), (run.Code, other.Code, other.Error));
        Assert.Equal(Contents(ours), Contents(theirs));
        Assert.Equal(Convert.ToHexString(recording.Original), Contents(theirs)[recording.OriginalFile]);
        foreach (var member in CardOf(ours).EnumerateObject())
            Assert.True(JsonElement.DeepEquals(member.Value, CardOf(theirs).GetProperty(member.Name)), member.Name);
    }

    [Fact]
    public async Task One_object_alone_opens_as_the_independent_reader_opens_it()
    {
        var recording = await bucket.PutRecordingAsync("Coaching", ThreeSegments, Ct);
        var name = bucket.NameOf(recording, recording.OriginalAsset, 0);
        var (ours, theirs) = (bucket.Out + "-ours", bucket.Out + "-theirs");

        var run = await UnsealAsync("--object", name, "-o", ours);
        var other = await OutsideProgram.OpenPyAsync("object", "--root-key", bucket.RootKeyFile, "--store", bucket.Folder, "--object", name, "-o", theirs);

        Assert.Equal((0, 0, ""), (run.Code, other.Code, other.Error));
        Assert.Equal(recording.Original[..300_000], await File.ReadAllBytesAsync(ours, Ct));
        Assert.Equal(recording.Original[..300_000], await File.ReadAllBytesAsync(theirs, Ct));
    }

    [Theory]
    [InlineData(KeyKind.Evidence, ObjectRole.Evidence)]
    [InlineData(KeyKind.Export, ObjectRole.ExportPackage)]
    public async Task What_stands_under_an_owner_of_its_own_opens_alone_with_both_readers(KeyKind kind, ObjectRole role)
    {
        var content = RandomNumberGenerator.GetBytes(200_000);
        var name = await bucket.PutWholeAsync(kind, role, content, Ct);

        var run = await UnsealAsync("--object", name, "-o", "-");
        var other = await OutsideProgram.OpenPyAsync("object", "--root-key", bucket.RootKeyFile, "--store", bucket.Folder, "--object", name, "-o", bucket.Out);

        Assert.Equal((0, 0, ""), (run.Code, other.Code, other.Error));
        Assert.Equal(content, run.Bytes);
        Assert.Equal(content, await File.ReadAllBytesAsync(bucket.Out, Ct));
    }

    [Fact]
    public async Task An_upload_that_did_not_end_is_listed_as_such_and_is_no_damage()
    {
        var unfinished = await bucket.PutUnfinishedAsync(Ct);

        var list = await UnsealAsync();
        var open = await UnsealAsync("--recording", $"{unfinished}", "-o", bucket.Out);

        Assert.Equal((0, 4), (list.Code, open.Code));
        Assert.Contains($"{unfinished}  does not open: missing", list.Out);
        Assert.Contains("its upload did not end", open.Error);
    }

    [Fact]
    public async Task Interrupted_it_leaves_nothing_half_written()
    {
        var recording = await bucket.PutRecordingAsync("Coaching", ThreeSegments, Ct);
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();

        var run = await VaultRun.OfAsync(
            interrupt.Token, "unseal", "--root-key", bucket.RootKeyFile, "--store", bucket.Folder, "--recording", $"{recording.Id}", "--asset", $"{recording.OriginalAsset.Id}", "-o", bucket.Out);

        Assert.Equal(130, run.Code);
        Assert.Equal(["root.key", "store"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(bucket.Out)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task An_object_may_be_named_by_its_path_in_the_folder()
    {
        var recording = await bucket.PutRecordingAsync("Coaching", ThreeSegments, Ct);
        var path = Path.GetRelativePath(bucket.Folder, bucket.FileOf(bucket.NameOf(recording, recording.OriginalAsset, 1)));

        var run = await UnsealAsync("--object", path, "-o", "-");

        Assert.Equal(7, path.Split('/').Length);
        Assert.Equal(recording.Original[300_000..365_536], run.Bytes);
    }

    [Fact]
    public async Task The_program_itself_runs_and_takes_no_secret_as_an_argument()
    {
        var recording = await bucket.PutRecordingAsync("Coaching", ThreeSegments, Ct);

        var run = await OutsideProgram.RunAsync(
            "dotnet", typeof(VaultProgram).Assembly.Location, "unseal", "--root-key", bucket.RootKeyFile, "--store", bucket.Folder, "--recording", $"{recording.Id}", "-o", bucket.Out);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(recording.Original, await File.ReadAllBytesAsync(Path.Combine(bucket.Out, recording.OriginalFile), Ct));
    }

    [Fact]
    public async Task It_stops_when_nobody_reads_its_output_any_more()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other pipes.");
        var recording = await bucket.PutRecordingAsync("Coaching", ThreeSegments, Ct);
        const string Script = "set -o pipefail; dotnet \"$0\" unseal --root-key \"$1\" --store \"$2\" --recording \"$3\" -o - | head -c 1 > /dev/null";

        var run = await OutsideProgram.RunAsync("bash", "-c", Script, typeof(VaultProgram).Assembly.Location, bucket.RootKeyFile, bucket.Folder, $"{recording.Id}");

        Assert.Equal(5, run.Code);
        Assert.StartsWith("vault: ", run.Error);
    }

    [Fact]
    public async Task A_manifest_opens_alone_too()
    {
        var recording = await bucket.PutRecordingAsync("Coaching", [10], Ct);
        var file = Directory.EnumerateFiles(bucket.Folder, "0000000000000001-*", SearchOption.AllDirectories).Single(path => path.Contains("/manifest/", StringComparison.Ordinal));

        var run = await UnsealAsync("--object", $"t/{bucket.TenantId}/r/{recording.Id}/manifest/{Path.GetFileName(file)}", "-o", "-");

        Assert.Equal(0, run.Code);
        Assert.Equal(recording.OriginalAsset.Id, JsonDocument.Parse(run.Bytes).RootElement.GetProperty("assets")[0].GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_copy_without_the_directories_of_two_digits_opens_as_well()
    {
        var recording = await bucket.PutRecordingAsync("Coaching", ThreeSegments, Ct);
        var copy = Path.Combine(bucket.Out, "copy");
        foreach (var file in Directory.EnumerateFiles(bucket.Folder, "*", SearchOption.AllDirectories))
        {
            var name = string.Join('/', Path.GetRelativePath(bucket.Folder, file).Split('/').Where(part => part.Length != 2));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, name))!);
            File.Copy(file, Path.Combine(copy, name));
        }

        var run = await VaultRun.OfAsync("unseal", "--root-key", bucket.RootKeyFile, "--store", copy, "--recording", $"{recording.Id}", "-o", "-");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(recording.Original, run.Bytes);
    }

    [Fact]
    public async Task Standard_output_takes_the_original_or_the_asset_that_is_named()
    {
        var recording = await bucket.PutRecordingAsync("Coaching", ThreeSegments, Ct);

        var original = await UnsealAsync("--recording", $"{recording.Id}", "-o", "-");
        var captions = await UnsealAsync("--recording", $"{recording.Id}", "--asset", $"{recording.CaptionsAsset.Id}", "-o", "-");

        Assert.Equal(recording.Original, original.Bytes);
        Assert.Equal(recording.Captions, captions.Bytes);
        Assert.Equal("", original.Out);
    }

    [Fact]
    public async Task Reading_leaves_the_copy_as_it_was()
    {
        var recording = await bucket.PutRecordingAsync("Coaching", ThreeSegments, Ct);
        var before = Directory.EnumerateFileSystemEntries(bucket.Folder, "*", SearchOption.AllDirectories).Order().ToList();

        await UnsealAsync();
        await UnsealAsync("--recording", $"{recording.Id}", "-o", bucket.Out);

        Assert.Equal(before, Directory.EnumerateFileSystemEntries(bucket.Folder, "*", SearchOption.AllDirectories).Order());
    }

    private Task<VaultRun> UnsealAsync(params string[] args) => VaultRun.OfAsync(["unseal", "--root-key", bucket.RootKeyFile, "--store", bucket.Folder, .. args]);

    private static SortedDictionary<string, string> Contents(string folder) => new(
        Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != "card.json").ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexString(File.ReadAllBytes(file))),
        StringComparer.Ordinal);

    private static JsonElement CardOf(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "card.json"))).RootElement;
}
