using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

/// <summary>What a thief of the database learns about the members: nothing that names anybody, and nothing that lets him in.</summary>
public sealed class ThiefTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stolen_database_names_nobody_and_opens_nothing()
    {
        // A name of its own: localhost is answered to this machine alone, and the visitor comes from elsewhere.
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:PublicUrl"] = "http://localhost" });
        var tenant = await TestTenant.CreateAsync(vault, Ct, "Quillfeather Coaching");
        using var browser = new TestBrowser(vault) { Address = "203.0.113.77" };
        await browser.SignInAsync(tenant.Owner, Ct);
        await browser.PostFormAsync("/signin", [("email", "xenophon@quillfeather.example"), ("password", "wrong horse battery")], Ct, page: "/password");
        var token = await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct);
        var session = browser.Cookie(SessionCookie.Name)!;

        var dump = await DumpAsync(vault);

        string[] secrets =
        [
            tenant.Owner.Email, tenant.Owner.Name, tenant.Owner.Password, "Quillfeather", "xenophon@quillfeather.example", "wrong horse battery", "203.0.113.77",
            session, token, token[27..],
        ];
        Assert.All(secrets, secret => Assert.Empty(Found(dump, Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret), Encoding.UTF8.GetBytes(secret.ToUpperInvariant()))));
        // Nor can he try addresses against what stands there: the digests are keyed.
        var address = Encoding.UTF8.GetBytes(tenant.Owner.Email);
        Assert.All([SHA256.HashData(address), SHA512.HashData(address)], digest => Assert.Empty(Found(dump, digest[..16])));
        // The secrets themselves are not there either, only their hashes.
        Assert.Empty(Found(dump, SecretToken.Parse(session)!, TokenText.Parse(token)!.Secret));
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
            await db.SaveChangesAsync(Ct);
        }

        var sessionHash = await SessionHashAsync(vault, tenant);
        var dump = await DumpAsync(vault);

        Assert.NotEmpty(Found(dump, "Quillfeather"u8.ToArray()));
        Assert.NotEmpty(Found(dump, sessionHash));
    }

    [Fact]
    public async Task The_same_address_looks_different_in_each_column_and_in_each_vault()
    {
        await using var one = await TestVault.StartAsync();
        await using var other = await TestVault.StartAsync();
        var lookups = new List<string>();
        foreach (var vault in new[] { one, other })
        {
            var owner = new NewMember("helen@example.com", "Helen", "correct horse");
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
