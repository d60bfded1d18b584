using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>A file is what its bytes are, not what it is called.</summary>
public sealed class ContentTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Media => new()
    {
        { "000000186674797069736F6D0000000069736F6D6D703432", "video/mp4" },
        { "000000146674797071742020000000007174202000000000", "video/quicktime" },
        { "0000001C667479704D344120000002004D344120697" + "36F6D69736F32", "audio/mp4" },
        { "00000018667479703367703500000000336770346D703432", "video/3gpp" },
        { "000000186674797058415643000000006D70343269736F6D", "video/mp4" },
        { "0000000877696465000000006D646174", "video/quicktime" },
        { "1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "video/webm" },
        { "1A45DFA3A34286810142F7810142F2810442F381084282886D6174726F736B61", "video/x-matroska" },
        { "52494646FFFFFFFF57415645666D7420", "audio/wav" },
        { "52494646FFFFFFFF415649204C495354", "video/x-msvideo" },
        { "664C614300000022", "audio/flac" },
        { "4944330400000000000A00000000", "audio/mpeg" },
        { "4F67675300020000000000000000000000000000000000000000" + "0113" + "4F70757348656164", "audio/ogg" },
        { "4F67675300020000000000000000000000000000000000000000" + "012A" + "807468656F7261", "video/ogg" },
        { "3026B2758E66CF11A6D900AA0062CE6C", "video/x-ms-asf" },
        { "464C5601050000000900000000", "video/x-flv" },
        { "000001BA4400040004010001", "video/mpeg" },
        { "000001BA2100010001800001", "video/mpeg" },
    };

    [Theory]
    [MemberData(nameof(Media))]
    public void Media_is_known_by_its_first_bytes(string hex, string mediaType)
    {
        var verdict = ContentJudgement.Judge(Convert.FromHexString(hex), isWhole: false, DeclaredRole.None, out var kind);

        Assert.Equal(ContentVerdict.Accepted, verdict);
        Assert.Equal(new ContentKind(ObjectRole.OriginalSegment, mediaType), kind);
    }

    [Fact]
    public void Mp3_and_aac_are_known_by_two_frames_that_follow_each_other()
    {
        var mp3 = new byte[1_000];
        Convert.FromHexString("FFFB9064").CopyTo(mp3, 0); // 128 kbit/s, 44.1 kHz: 417 bytes
        Convert.FromHexString("FFFB9264").CopyTo(mp3, 417);
        var aac = new byte[1_000];
        Convert.FromHexString("FFF15080201FFC").CopyTo(aac, 0); // 256 bytes
        Convert.FromHexString("FFF15080201FFC").CopyTo(aac, 256);
        var ts = new byte[1_000];
        for (var packet = 0; packet < ts.Length; packet += 188)
            ts[packet] = 0x47;

        Assert.Equal("audio/mpeg", MediaMagic.Find(mp3));
        Assert.Equal("audio/aac", MediaMagic.Find(aac));
        Assert.Equal("video/mp2t", MediaMagic.Find(ts));
        mp3[417] = 0;
        Assert.Null(MediaMagic.Find(mp3));
    }

    [Theory]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\nHi", "", "Captions", "text/vtt")]
    [InlineData("\uFEFF1\r\n00:00:01,000 --> 00:00:02,000\r\nHi", "", "Captions", "application/x-subrip")]
    [InlineData("WEBVTT\n\n", "transcript", "Transcript", "text/vtt")]
    [InlineData("Ana: guten Tag, schöne Grüße", "transcript", "Transcript", "text/plain")]
    [InlineData(" {\"messages\":[]}", "chat", "Chat", "application/json")]
    [InlineData("[{\"text\":\"hello\"}]", "chat", "Chat", "application/json")]
    [InlineData("[09:00] Anna: hello", "chat", "Chat", "text/plain")]
    [InlineData("[Anna] hello", "chat", "Chat", "text/plain")]
    public void Text_is_known_by_its_form_and_role(string text, string role, string sealedAs, string mediaType)
    {
        var verdict = ContentJudgement.Judge(Encoding.UTF8.GetBytes(text), isWhole: true, DeclaredRoles.Parse(role), out var kind);

        Assert.Equal(ContentVerdict.Accepted, verdict);
        Assert.Equal(new ContentKind(Enum.Parse<ObjectRole>(sealedAs), mediaType), kind);
    }

    [Theory]
    [InlineData("Ana: hello", "")]
    [InlineData("<!DOCTYPE html><html>", "")]
    [InlineData("{\"status\":false,\"errorCode\":124}", "original")]
    [InlineData("Ana: hello", "captions")]
    [InlineData("PK\u0003\u0004 zip", "chat")]
    [InlineData("\u0000\u0001", "transcript")]
    [InlineData("WEBVTT\n", "audio")]
    public void What_is_in_no_list_is_refused(string text, string role)
    {
        var verdict = ContentJudgement.Judge(Encoding.UTF8.GetBytes(text), isWhole: true, DeclaredRoles.Parse(role), out _);

        Assert.Equal(ContentVerdict.Refused, verdict);
    }

    [Theory]
    [InlineData("00000020667479706865696300000000686569636D696631")] // heic
    [InlineData("89504E470D0A1A0A0000000D49484452")]
    [InlineData("FFD8FFE000104A464946")]
    [InlineData("255044462D312E37")]
    [InlineData("7F454C46020101000000")]
    [InlineData("4D5A90000300000004000000")]
    [InlineData("1F8B0800")]
    public void Pictures_programs_and_archives_are_refused(string hex)
    {
        var bytes = new byte[ContentJudgement.NeededBytes];
        Convert.FromHexString(hex).CopyTo(bytes, 0);

        Assert.Equal(ContentVerdict.Refused, ContentJudgement.Judge(bytes, isWhole: false, DeclaredRole.None, out _));
    }

    [Fact]
    public void A_letter_that_is_cut_at_the_end_of_what_is_looked_at_is_no_fault()
    {
        var bytes = Encoding.UTF8.GetBytes("x" + string.Concat(Enumerable.Repeat("ö", 4_000)));

        Assert.Equal(ContentVerdict.Accepted, ContentJudgement.Judge(bytes, isWhole: false, DeclaredRole.Chat, out _));
    }

    [Fact]
    public async Task Garbage_under_a_good_name_is_refused_early_and_leaves_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, recording) = await tus.BeginAsync(5_000_000_000, Ct);
        var view = new VaultView(shared.Vault, tenant.Id);

        using var answer = await tus.PatchAsync(address, 0, new byte[10_000], Ct);

        Assert.Equal("content-not-accepted", await TusClient.SlugAsync(answer, 415, Ct));
        Assert.Null(await view.RecordingAsync(recording));
        Assert.Empty(await view.ObjectsAsync(recording));
        Assert.Equal(0, await view.RowsAsync(db => db.KeyWraps.CountAsync(wrap => wrap.OwnerId == recording, Ct)));
        using var head = await tus.HeadAsync(address, Ct);
        Assert.Equal(HttpStatusCode.Gone, head.StatusCode);
        Assert.True(await tenant.HasEventAsync("upload.ended", TusClient.IdOf(address), Ct));
    }

    [Fact]
    public async Task Garbage_that_comes_with_the_creation_is_refused_and_leaves_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);

        using var answer = await tus.CreateAsync(10, null, Ct, new byte[10]);

        Assert.Equal("content-not-accepted", await TusClient.SlugAsync(answer, 415, Ct));
        Assert.Equal(0, await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Recordings.CountAsync(Ct)));
    }

    [Fact]
    public async Task Too_few_bytes_to_judge_are_kept_until_more_have_come()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(9_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);

        await tus.AppendAsync(address, 0, bytes[..2], Ct);
        await tus.AppendAsync(address, 2, bytes[2..7], Ct);
        await tus.AppendAsync(address, 7, bytes[7..], Ct);

        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }
}
