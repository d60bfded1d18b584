using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Factors;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Members;

/// <summary>What a thief of the database learns about the members: nothing that names anybody, and nothing that lets him in.</summary>
public sealed class ThiefTests
{
    private static readonly byte[] Seed = TimeCode.NewSeed();
    private static readonly byte[] Code = RecoveryCodeText.New();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stolen_database_names_nobody_and_opens_nothing()
    {
        // A name of its own: localhost is answered to this machine alone, and the visitor comes from elsewhere.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock), settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:PublicUrl"] = "http://localhost" });
        var tenant = await TestTenant.CreateAsync(vault, Ct, "Quillfeather Coaching");
        using var browser = new TestBrowser(vault) { Address = "203.0.113.77" };
        await browser.SignInAsync(tenant.Owner, Ct);
        await browser.PostFormAsync("/signin", [("email", "xenophon@quillfeather.example"), ("password", "wrong horse battery")], Ct, page: "/password");
        var token = await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct);
        var phone = await TestPhone.SetUpAsync(browser, clock, Ct);
        using var half = new TestBrowser(vault) { Address = "203.0.113.77" };
        await half.SignInAsync(tenant.Owner, Ct);
        using var recovered = new TestBrowser(vault) { Address = "203.0.113.77" };
        await recovered.SignInAsync(tenant.Owner, Ct);
        await TestPhone.SendAsync(recovered, phone.RecoveryCodes[0], Ct);
        var invited = await browser.SendJsonAsync(HttpMethod.Post, "/api/v1/members/invitations", new { email = "invited@quillfeather.example", name = "Ida Oldcastle", role = "Viewer" }, Ct);
        var invitation = (await invited.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("url").GetString()!.Split('#')[1];
        await browser.PostFormAsync("/settings/profile", [("name", "Wilhelmine Nightingale"), ("language", "de")], Ct);
        var session = browser.Cookie(SessionCookie.Name)!;

        var dump = await DumpAsync(vault);

        string[] secrets =
        [
            tenant.Owner.Email, tenant.Owner.Name, tenant.Owner.Password, "Quillfeather", "xenophon@quillfeather.example", "wrong horse battery", "203.0.113.77",
            "invited@quillfeather.example", "Oldcastle", "Nightingale", session, token, token[27..], invitation, invitation.Split('.')[1], recovered.Cookie(SessionCookie.Name)!, half.Cookie(HalfSignIns.CookieName)!,
            TimeCode.Text(phone.Seed), TimeCode.Text(phone.Seed).ToLowerInvariant(), .. phone.RecoveryCodes, .. phone.RecoveryCodes.Select(code => code.Replace("-", "", StringComparison.Ordinal)),
        ];
        Assert.All(secrets, secret => Assert.Empty(Found(dump, Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret), Encoding.UTF8.GetBytes(secret.ToUpperInvariant()))));
        // Nor can he try addresses against what stands there: the digests are keyed.
        var address = Encoding.UTF8.GetBytes(tenant.Owner.Email);
        Assert.All([SHA256.HashData(address), SHA512.HashData(address)], digest => Assert.Empty(Found(dump, digest[..16])));
        // The secrets themselves are not there either, only their hashes.
        Assert.Empty(Found(dump, SecretToken.Parse(session)!, TokenText.Parse(token)!.Secret, SecretToken.Parse(invitation.Split('.')[1])!, phone.Seed));
        Assert.Empty(Found(dump, [.. phone.RecoveryCodes.Select(code => RecoveryCodeText.Parse(code)!)]));
    }

    [Fact]
    public async Task Links_for_a_password_and_an_address_are_not_in_a_stolen_database_before_their_letters_leave_or_after()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port);
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var viewer = await tenant.AddAsync(Role.Viewer, Ct);
        using var forgetful = new TestBrowser(vault.Vault);
        await forgetful.PostFormAsync("/forgotten", [("email", tenant.Owner.Email)], Ct);
        // This letter is put down after the answer, so that the answer's time tells nothing.
        while ((await vault.RowsAsync(Ct)).Count == 0)
            await Task.Delay(10, Ct);
        using var owner = new TestBrowser(vault.Vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        await owner.PostFormAsync("/settings/address", [("email", "wanted@quillfeather.example")], Ct);
        using var made = await owner.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{viewer.Id}/reset-link", null, Ct);
        var byOwner = (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("url").GetString()!.Split('#')[1];
        var (waiting, count) = (await DumpAsync(vault.Vault), (await vault.RowsAsync(Ct)).Count);
        await vault.SendAsync(Ct);
        var sent = await DumpAsync(vault.Vault);

        List<string> links = [byOwner];
        for (var letter = 0; letter < count; letter++)
            links.AddRange((await sink.NextAsync(Ct)).Text.Split('\n').Where(line => line.StartsWith("http://localhost/", StringComparison.Ordinal) && line.Contains('#', StringComparison.Ordinal)).Select(line => line.Split('#')[1]));
        Assert.Equal(4, links.Distinct(StringComparer.Ordinal).Count());
        string[] words = [.. links, .. links.Select(link => link.Split('.')[^1]), "quillfeather.example", tenant.Owner.Email, viewer.Email];
        byte[][] secrets = [.. words.Select(Encoding.UTF8.GetBytes), .. links.Select(link => AccountLink.Parse(link)!.Secret)];
        Assert.All([waiting, sent], dump => Assert.Empty(Found(dump, secrets)));
    }

    [Fact]
    public async Task The_search_finds_what_does_stand_in_clear()
    {
        await using var vault = await TestVault.StartAsync();
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        await using (var scope = tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            db.Throttles.Add(new Throttle { Subject = "Quillfeather", LastTryAt = TimeProvider.System.Now() }); // an old one would be swept at the next sign-in
            // What the rows of second factors would hold without their seals and hashes.
            db.Throttles.Add(new Throttle { Subject = TimeCode.Text(Seed), LastTryAt = TimeProvider.System.Now() });
            db.RecoveryCodes.Add(new RecoveryCode { Id = Guid.CreateVersion7(), MemberId = tenant.Owner.Id, Hash = Code, CreatedAt = TimeProvider.System.Now() });
            await db.SaveChangesAsync(Ct);
            await db.Users.Where(member => member.Id == tenant.Owner.Id).ExecuteUpdateAsync(set => set.SetProperty(member => member.TotpSeed, SealedText.FromBytes(Seed)), Ct);
        }

        Assert.NotEmpty(Found(await DumpAsync(vault), Seed));
        await using (var scope = tenant.Enter())
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Users.ExecuteUpdateAsync(set => set.SetProperty(member => member.TotpSeed, (SealedText?)null), Ct);
        var sessionHash = await SessionHashAsync(vault, tenant);
        var dump = await DumpAsync(vault);

        Assert.NotEmpty(Found(dump, "Quillfeather"u8.ToArray()));
        Assert.NotEmpty(Found(dump, sessionHash));
        Assert.NotEmpty(Found(dump, Encoding.UTF8.GetBytes(TimeCode.Text(Seed))));
        Assert.NotEmpty(Found(dump, Code));
    }

    [Fact]
    public async Task The_same_address_looks_different_in_each_column_and_in_each_vault()
    {
        await using var one = await TestVault.StartAsync();
        await using var other = await TestVault.StartAsync();
        var lookups = new List<string>();
        foreach (var vault in new[] { one, other })
        {
            var owner = new NewMember("helen@example.com", "Helen", "correct horse battery");
            await vault.Services.GetRequiredService<VaultCreation>().CreateAsync("Marsh", owner, Actor.System, Ct);
            await using var scope = vault.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            var member = await db.Users.SingleAsync(Ct);
            Assert.Equal("helen@example.com", member.Email);
            lookups.Add(member.NormalizedUserName!);
        }

        Assert.NotEqual(lookups[0], lookups[1]);
        var protector = new PersonalDataSealer(one.Services.GetRequiredService<RecordingVault.Server.Features.Keys.VaultKeyring>());
        Assert.NotEqual(protector.Protect("helen@example.com"), protector.Protect("helen@example.com"));
        Assert.Throws<NotSupportedException>(() => one.Services.GetRequiredService<LookupDigest>().Unprotect("", lookups[0]));
    }

    private static async Task<byte[]> SessionHashAsync(TestVault vault, TestTenant tenant)
    {
        using var browser = new TestBrowser(vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        return SecretToken.Hash(SecretToken.Parse(browser.Cookie(SessionCookie.Name)!)!);
    }

    /// <summary>The markers that stand in the dump, as they are or as hex.</summary>
    private static IEnumerable<string> Found(byte[] dump, params byte[][] markers) =>
        from marker in markers
        from form in new[] { marker, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(marker)), Encoding.ASCII.GetBytes(Convert.ToBase64String(marker).TrimEnd('=')) }
        where dump.AsSpan().IndexOf(form) >= 0
        select Encoding.UTF8.GetString(marker);

    /// <summary>All that a thief has: the files of SQLite, or every row of every table of PostgreSQL (bytes come as hex).</summary>
    private static async Task<byte[]> DumpAsync(TestVault vault)
    {
        if (!TestVault.UsesPostgres)
        {
            var files = Directory.GetFiles(vault.DataDirectory, "vault.db*");
            return [.. files.SelectMany(file => ReadShared(file))];
        }

        await using var connection = new NpgsqlConnection(vault.Services.GetRequiredService<IOptions<VaultOptions>>().Value.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        var tables = await ReadAsync(connection, "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')");
        var dump = new StringBuilder();
        foreach (var table in tables)
            dump.AppendJoin('\n', await ReadAsync(connection, $"SELECT row::text FROM {table} AS row"));
        return Encoding.UTF8.GetBytes(dump.ToString());
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(Ct))
            rows.Add(reader.GetString(0));
        return rows;
    }
}
