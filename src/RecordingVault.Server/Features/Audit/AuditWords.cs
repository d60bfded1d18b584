using System.Net;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Audit;

/// <summary>An event in words. A type without words of its own is shown by its name: an unknown line is still a line.</summary>
internal static class AuditWords
{
    public static string Who(AuditPageActor actor) => actor switch
    {
        { IsReader: true } => "You",
        { Kind: "token" } => actor.Name is { } name ? $"Token “{name}”" : "A token",
        { Kind: "share" } => actor.Name ?? "Somebody with a link",
        { Kind: "system" } => "The vault",
        { Kind: "operator" } => "The operator",
        _ => actor.Name ?? "A member",
    };

    public static string Shape(AuditPageActor actor) => actor.Kind switch
    {
        "operator" => "operator-shape",
        "system" or "token" => "machine-shape",
        _ => "person-shape",
    };

    public static AuditSentence Did(AuditPageEvent line) => line.Type switch
    {
        "tenant.created" => new("created this organisation"),
        "member.created" => new("made an account for", "a member"),
        "member.signed-in" => new("signed in"),
        "member.signed-out" => new("signed out"),
        "member.sign-in-refused" => new("sign-in"),
        "password.changed" => new("changed the password"),
        "token.created" => new("made the token", Detail(line, "name") ?? "for a program"),
        "token.revoked" => new("took back a token"),
        "recording.created" => new("began", "a recording"),
        "recording.changed" => new("changed", "a recording"),
        "recording.trashed" => new("moved to the trash", "a recording"),
        "recording.restored" => new("took out of the trash", "a recording"),
        "recording.destruction-begun" => new("began to destroy", "a recording"),
        "recording.destroyed" => new("destroyed the key, and then the bytes, of", "a recording"),
        "recording.kept-both" => new("keeps both copies of", "a recording"),
        "recording.damaged" => new("found damage in what is stored of", "a recording"),
        "recording.whole" => new("found whole again what is stored of", "a recording"),
        "recording.moved" => new("moved to another store", "a recording"),
        "recording.removed" => new("removed a recording that never became whole"),
        "manifest.committed" => new("completed", "a recording"),
        "upload.created" => new("began an upload"),
        "upload.finished" => new("finished an upload"),
        "upload.ended" => new("gave up an upload"),
        "share.created" => new(Detail(line, "recipient") is { } whom ? $"made a link for {whom}" : "made a link without a name"),
        "share.changed" => new("changed a link"),
        "share.stopped" => new("stopped a link"),
        "share.opened" => new("opened a link"),
        "share.refused" => new("a link was not opened"),
        "viewing.started" => new("began to watch, through a link"),
        "content.released" => new(Purpose(line), "a recording"),
        "content.refused" => new($"{Detail(line, "purpose") ?? "content"} of", "a recording"),
        "content.damaged" => new("a damaged part was not shown, in", "a recording"),
        _ => new(line.Type.Replace('.', ' ').Replace('-', ' ')),
    };

    /// <summary>The small line below: reasons, whom it was for, where it came from, and the number that proofs speak of.</summary>
    public static string Note(AuditPageEvent line)
    {
        var parts = new List<string>();
        if (line.IsRefused)
        {
            // Whoever fails to sign in is nobody yet, and the vault writes the line for him.
            parts.Add(line is { Type: "member.sign-in-refused", Actor.Kind: "system" } ? "By somebody who was not signed in." : $"Asked by {Asker(line.Actor)}.");
        }

        if ((Detail(line, "reasons") ?? Detail(line, "reason")) is { } reasons)
        {
            parts.Add($"Because: {string.Join(", ", reasons.Split(' ').Select(Reason))}.");
        }

        if (line.Actor is { Kind: "token" or "member" } && line.Type is "content.released" && Detail(line, "recipient") is { } recipient)
        {
            parts.Add($"For {recipient}.");
        }

        if (line.Type is "member.created" && Detail(line, "role") is { } role)
        {
            parts.Add($"As {role}.");
        }

        if (Detail(line, "actor.address") is { } address)
        {
            // Behind a proxy that the vault was not told to trust everybody comes from here: the line must not say more than it knows.
            parts.Add(IPAddress.TryParse(address, out var from) && IPAddress.IsLoopback(from) ? $"From {address}: this machine, or a proxy on it." : $"From {address}.");
        }

        parts.Add(string.Create(PublicTexts.English, $"Event {line.Number:N0}."));
        return string.Join(' ', parts);
    }

    public static string IconOf(AuditPageEvent line) => line switch
    {
        { IsRefused: true } => "ban",
        { Type: "viewing.started" or "share.opened" } => "eye",
        { Type: "content.released" } => Detail(line, "purpose") is "download" ? "download" : "eye",
        { Actor.Kind: "operator" } => "shield-user",
        { Actor.Kind: "system" } => "cpu",
        _ => line.Type.Split('.')[0] switch
        {
            "share" => "link",
            "upload" or "recording" => line.Type is "recording.changed" ? "pencil" : "upload",
            "token" or "password" => "key-round",
            "member" => line.Type is "member.signed-out" ? "log-out" : "users",
            _ => "history",
        },
    };

    private static string Asker(AuditPageActor actor)
    {
        var who = Who(actor);
        return actor.Name is null || actor.IsReader ? char.ToLowerInvariant(who[0]) + who[1..] : who;
    }

    private static string Purpose(AuditPageEvent line) => Detail(line, "purpose") switch
    {
        "download" => "downloaded",
        null or "view" => "opened",
        var other => $"was given, for {other},",
    };

    private static string Reason(string slug) => slug switch
    {
        "passcode-wrong" => "wrong passcode",
        "passcode-locked" => "the passcode was wrong five times",
        "link-ended" => "the link has ended",
        "link-stopped" => "the link was stopped",
        "link-changed" => "the link was changed",
        "not-found" => "not there, or not theirs",
        "not-ready" => "it was still arriving",
        "view-only" => "the link is for watching only",
        "purpose-refused" => "its mark forbids this use",
        "restricted" => "it is restricted",
        _ => slug.Replace('-', ' '),
    };

    private static string? Detail(AuditPageEvent line, string name) => line.Details.GetValueOrDefault(name);
}

/// <param name="Words">Follows the actor's name.</param>
/// <param name="Thing">What the target is called where its name is not known; null where the words say all.</param>
internal sealed record AuditSentence(string Words, string? Thing = null);
