using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators;

/// <summary>What is shown of a new operator once, and kept nowhere.</summary>
/// <param name="PasswordEndsAt">When the password ends, unless he has changed it.</param>
internal sealed record MadeOperator(string Password, byte[] Seed, DateTimeOffset PasswordEndsAt);

internal sealed record ListedOperator(Guid Id, string Name, string? Email, DateTimeOffset CreatedAt, DateTimeOffset? SignedInAt, DateTimeOffset? PasswordEndsAt);

/// <summary>Makes, lists and removes operators; only verbs on the machine do.</summary>
internal sealed class OperatorDirectory(VaultDbContext db, VaultKeyring keyring, PasswordHashing hashing, TimeProvider time)
{
    private const int PasswordBytes = 15;

    /// <summary>Null means that it can be done; else the field that is wrong.</summary>
    public async Task<FieldError?> CheckAsync(string name, string? email, CancellationToken cancellationToken)
    {
        if (MemberRules.CheckName(name) is not null)
            return new FieldError("name", "A name has 1 to 200 characters, on one line; it is what the operator signs in with.");
        if (email is not null && MemberRules.CheckEmail(email) is { } wrong)
            return wrong;
        var digest = Operator.Digest(keyring.Vault, name);
        return await db.Operators.AnyAsync(row => row.NameDigest == digest, cancellationToken) ? new FieldError("name", "There is an operator of this name already.") : null;
    }

    public async Task<MadeOperator> CreateAsync(string name, string? email, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var made = new MadeOperator(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes)), TimeCode.NewSeed(), now + Operator.PrintedPasswordLife);
        var id = Guid.CreateVersion7();
        db.Operators.Add(new Operator
        {
            Id = id,
            Name = Operator.Seal(keyring.Vault, id, Operator.NameColumn, name.Trim()),
            NameDigest = Operator.Digest(keyring.Vault, name),
            Email = email is null ? null : Operator.Seal(keyring.Vault, id, Operator.EmailColumn, email),
            PasswordHash = hashing.HashPassword(OperatorSignInCheck.Anybody, made.Password),
            Seed = Operator.Seal(keyring.Vault, id, Operator.SeedColumn, TimeCode.Text(made.Seed)),
            Stamp = Guid.NewGuid().ToString(),
            MustChangePassword = true,
            CreatedAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
        return made;
    }

    public async Task<IReadOnlyList<ListedOperator>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await db.Operators.AsNoTracking().OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ListedOperator(row.Id, NameOf(row), row.Email?.Open(keyring.Vault, Guid.Empty, row.Id, Operator.EmailColumn), row.CreatedAt, row.SignedInAt, row.PasswordEndsAt))];
    }

    /// <summary>Removes him with his sessions: his next request is a stranger's. False where there is none of the name.</summary>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var digest = Operator.Digest(keyring.Vault, name);
        return await db.Operators.Where(row => row.NameDigest == digest).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    public string NameOf(Operator row) => row.Name.Open(keyring.Vault, Guid.Empty, row.Id, Operator.NameColumn);
}
