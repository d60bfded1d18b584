using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Packages;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Export.Packages;

/// <summary>Transcripts and chats that came as files lie in a package word for word, each with the mark that its kind takes.</summary>
public sealed class PackedTextTests(SharedVault shared)
{
    private const string Vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>Good morning &amp; <b>welcome</b>\n\nNOTE by hand\n\n00:03.000 --> 00:04.000\nYes.\n";
    private const string Chat = "09:00 Anna: Guten Morgen\r\n09:01 Ben: <script>\r\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transcript_with_times_and_a_chat_lie_there_marked_and_are_in_the_lists_of_the_package()
    {
        var (tenant, recording) = await MakeAsync();
        await AddAsync(recording, ObjectRole.Transcript, "text/vtt", Vtt, "words.vtt");
        await AddAsync(recording, ObjectRole.Chat, "text/plain", Chat, "chat.txt");
        var package = await FetchAsync(tenant, recording.Id);
        using var zip = Open(package);
        var (transcript, chat) = (Read(zip, "data/transcript-1.vtt"), Read(zip, "data/chat-1.txt"));
        var description = JsonDocument.Parse(Read(zip, "data/description.json")).RootElement;
        var vcon = JsonDocument.Parse(Base64Url.DecodeFromChars(JsonDocument.Parse(Read(zip, "data/vcon.json")).RootElement.GetProperty("payload").GetString())).RootElement;

        Assert.Equal("no-tdm", Assert.Single(VttCarrier.Read(Encoding.UTF8.GetString(transcript))).Value);
        Assert.Equal(Vtt["WEBVTT\n\n".Length..], Encoding.UTF8.GetString(transcript)[("WEBVTT\n\n" + VttCarrier.Note(UsageTag.NoTdm)).Length..]);
        Assert.Equal(Chat, Encoding.UTF8.GetString(chat));
        Assert.EndsWith("DMI-PROHIBITED", Assert.Single(await FileMarks.FindAsync(new MemorySource(Read(zip, "data/chat-1.txt.xmp")), "application/rdf+xml", Ct)).Value, StringComparison.Ordinal);
        Assert.Equal(
            [
                ("transcript-1.vtt", "transcript", "vtt", "words.vtt"), ("transcript-1.vtt.c2pa", "sidecar", "c2pa", null),
                ("chat-1.txt", "chat", "xmp-sidecar", "chat.txt"), ("chat-1.txt.xmp", "sidecar", "xmp", null), ("chat-1.txt.c2pa", "sidecar", "c2pa", null),
            ],
            description.GetProperty("files").EnumerateArray().Skip(1).Select(file => (
                file.GetProperty("name").GetString()!["data/".Length..], file.GetProperty("role").GetString(), string.Join(' ', file.GetProperty("carriers").EnumerateArray().Select(carrier => carrier.GetString())), file.GetProperty("originalName").GetString())));
        Assert.Empty(description.GetProperty("leftOut").EnumerateArray());
        var (dialog, attachment) = (vcon.GetProperty("dialog")[1], vcon.GetProperty("attachments")[1]);
        Assert.Equal(("text", "text/plain", "data/chat-1.txt", Hash(chat)), (dialog.GetProperty("type").GetString(), dialog.GetProperty("mediatype").GetString(), dialog.GetProperty("filename").GetString(), dialog.GetProperty("content_hash").GetString()));
        Assert.Equal(("transcript", "text/vtt", "data/transcript-1.vtt", Hash(transcript)), (attachment.GetProperty("purpose").GetString(), attachment.GetProperty("mediatype").GetString(), attachment.GetProperty("filename").GetString(), attachment.GetProperty("content_hash").GetString()));
        var readme = Encoding.UTF8.GetString(Read(zip, "README.html"));
        Assert.All(["data/transcript-1.vtt", "data/chat-1.txt", "data/chat-1.txt.xmp"], name => Assert.Contains(name, readme, StringComparison.Ordinal));
        var exported = (await tenant.EventsAsync(Ct)).Single(line => line.GetProperty("type").GetString() == "recording.exported").GetProperty("details").GetProperty("carriers").GetString()!.Split(' ');
        Assert.All(["vtt", "xmp-sidecar"], carrier => Assert.Contains(carrier, exported));
    }

    [Fact]
    public async Task Tampering_with_a_transcript_a_chat_or_its_mark_is_found()
    {
        var (tenant, recording) = await MakeAsync();
        await AddAsync(recording, ObjectRole.Transcript, "application/json", "{\"text\":\"Guten Morgen\"}", "words.json");
        await AddAsync(recording, ObjectRole.Chat, "text/plain", Chat, "chat.txt");
        var package = await FetchAsync(tenant, recording.Id);

        foreach (var words in new[] { "\"usage\":{", "Guten Morgen\"}", "09:01 Ben", "DMI-PROHIBITED", "chat-1.txt.xmp" })
        {
            var changed = package.ToArray();
            var at = changed.AsSpan().IndexOf(Encoding.UTF8.GetBytes(words));
            Assert.True(at > 0, words);
            changed[at + 1] ^= 1;
            await Assert.ThrowsAsync<PackageException>(() => PackageVerifier.VerifyAsync(new MemoryStream(changed), Ct));
        }
    }

    [Theory]
    [InlineData("application/json", "{ \"segments\": [1.50, \"<b>\"] }", "json", "json")]
    [InlineData("application/json", "[{\"text\":\"hello\"}]", "json", "xmp-sidecar")]
    [InlineData("application/json", "{\"usage\":{\"total_tokens\":12},\"text\":\"hello\"}", "json", "xmp-sidecar")]
    [InlineData("application/json", "[09:00] Anna: hello", "txt", "xmp-sidecar")]
    [InlineData("application/x-subrip", "1\n00:00:01,000 --> 00:00:02,000\nHello\n", "srt", "xmp-sidecar")]
    [InlineData("text/plain", "", "txt", "xmp-sidecar")]
    public async Task Each_kind_carries_the_mark_where_it_has_a_place(string mediaType, string text, string ending, string carrier)
    {
        var (tenant, recording) = await MakeAsync();
        await AddAsync(recording, ObjectRole.Transcript, mediaType, text, "words");
        using var zip = Open(await FetchAsync(tenant, recording.Id));
        var lies = Encoding.UTF8.GetString(Read(zip, $"data/transcript-1.{ending}"));
        var file = JsonDocument.Parse(Read(zip, "data/description.json")).RootElement.GetProperty("files").EnumerateArray().Single(one => one.GetProperty("role").GetString() == "transcript");

        Assert.Equal(carrier, Assert.Single(file.GetProperty("carriers").EnumerateArray()).GetString());
        if (carrier == "json")
            Assert.Equal((true, true), (UsageMember.Says(lies, UsageTag.NoTdm), lies.EndsWith(text[1..], StringComparison.Ordinal)));
        else
            Assert.Equal((text, true), (lies, zip.Entries.Any(entry => entry.FullName.EndsWith($"/data/transcript-1.{ending}.xmp", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("{\"usage\":{\"tag\":\"allowed\"},\"text\":\"hello\"}", "not-markable", "The transcript could not be marked.")]
    [InlineData(null, "too-long", "The transcript is longer than a package takes.")]
    public async Task One_with_another_mark_or_too_long_a_one_is_left_out_and_the_package_says_so(string? text, string reason, string sentence)
    {
        var (tenant, recording) = await MakeAsync();
        await AddAsync(recording, ObjectRole.Transcript, "application/json", text ?? $"[\"{new string('w', 4 * 1024 * 1024)}\"]", "words.json");
        using var zip = Open(await FetchAsync(tenant, recording.Id));
        var left = Assert.Single(JsonDocument.Parse(Read(zip, "data/description.json")).RootElement.GetProperty("leftOut").EnumerateArray());

        Assert.Equal(("transcript", reason), (left.GetProperty("role").GetString(), left.GetProperty("reason").GetString()));
        Assert.DoesNotContain(zip.Entries, entry => entry.Name.StartsWith("transcript", StringComparison.Ordinal));
        Assert.Contains(sentence, Encoding.UTF8.GetString(Read(zip, "README.html")), StringComparison.Ordinal);
    }

    private async Task<(TestTenant Tenant, StoredRecording Recording)> MakeAsync()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        return (tenant, await PackedRecording.PutAsync(tenant, Ct));
    }

    private static async Task AddAsync(StoredRecording recording, ObjectRole role, string mediaType, string text, string name)
    {
        await using var scope = recording.Tenant.Enter();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
        var asset = await recording.Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), role, mediaType, new MemoryStream(Encoding.UTF8.GetBytes(text)), Ct);
        await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(recording.Id, [new NewAsset(asset) { FileName = name }], key, Actor.System, () => Task.CompletedTask, Ct);
    }

    /// <summary>Verified as it came.</summary>
    private static async Task<byte[]> FetchAsync(TestTenant tenant, Guid recording)
    {
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording);
        var bytes = await (await tenant.ClientAsync(Role.Owner, Ct)).GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct);
        await PackageVerifier.VerifyAsync(new MemoryStream(bytes), Ct);
        return bytes;
    }

    private static ZipArchive Open(byte[] package) => new(new MemoryStream(package));

    private static string Hash(byte[] content) => "sha512-" + Base64Url.EncodeToString(SHA512.HashData(content));

    private static byte[] Read(ZipArchive zip, string name)
    {
        using var content = zip.Entries.Single(entry => entry.FullName.EndsWith("/" + name, StringComparison.Ordinal)).Open();
        using var all = new MemoryStream();
        content.CopyTo(all);
        return all.ToArray();
    }
}
