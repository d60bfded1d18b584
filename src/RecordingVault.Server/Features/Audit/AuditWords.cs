using System.Net;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Audit;

/// <summary>An event in words. A type without words of its own is shown by its name: an unknown line is still a line.</summary>
internal static class AuditWords
{
    public static string Who(AuditPageActor actor) => actor switch
    {
        { IsReader: true } => "You",
        { Kind: "token" } => actor.Name is { } member ? $"A token of {member}" : "A token",
        { Kind: "share" } => actor.Name ?? "Somebody with a link",
        { Kind: "participant" } => actor.Name ?? "Somebody who was recorded",
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
        "tenant.changed" => new(Detail(line, "name") is { } name ? $"named this organisation {name}" : "changed this organisation"),
        "tenant.created" => new("created this organisation"),
        "member.created" => new("made an account for", "a member"),
        "member.changed" => new("changed the own profile"),
        "member.joined" => new("joined the organisation"),
        "member.role-changed" => new("changed the role of", "a member"),
        "member.removed" => new("removed", "a member"),
        "member.left" => new("left the organisation"),
        "member.switched-away" => new("went on in another organisation"),
        "member.switched-here" => new("came over from another organisation"),
        "invitation.created" => new($"invited {Detail(line, "recipient") ?? "somebody"}"),
        "invitation.renewed" => new($"made the invitation of {Detail(line, "recipient") ?? "somebody"} anew"),
        "invitation.revoked" => new("withdrew an invitation"),
        "member.signed-in" => new("signed in"),
        "member.signed-out" => new("signed out"),
        "member.sign-in-refused" => new("sign-in"),
        "authenticator.added" => new("set up an authenticator app"),
        "authenticator.removed" => new("removed the authenticator app"),
        "recovery-codes.made" => new("made new recovery codes"),
        "recovery-code.used" => new("used a recovery code"),
        "two-factors.required" => new("asks every member for two factors"),
        "two-factors.not-required" => new("asks members for two factors no more"),
        "password.changed" => new("changed the password"),
        "password.reset-asked" => new("wrote a letter with a link for a new password to", "a member"),
        "password.reset-link-made" => new("made a link for a new password for", "a member"),
        "password.reset" => new("set, by a link, the new password of", "a member"),
        "member.address-change-asked" => new("asked for another address"),
        "member.address-change-stopped" => new("stopped a change of address"),
        "member.address-proved" => new("showed for the first time whose the address is, and ended what had been set up before, of", "a member"),
        "member.address-returned" => new("put back, by a link, the address of", "a member"),
        "member.address-changed" => new("changed the address of", "a member"),
        "member.factor-removal-asked" => new("asked to take off the second factor of", "a member"),
        "member.factor-removal-stopped" => new("kept the second factor of", "a member"),
        "member.factors-removed" => new("took off the second factor of", "a member"),
        "session.ended" => new("ended a session of", "a member"),
        "passkey.added" => new("added a passkey"),
        "passkey.removed" => new("removed a passkey"),
        "token.created" => new("made the token", Detail(line, "name") ?? "for a program"),
        "token.revoked" => new("took back a token"),
        "recording.dated" => new("took from its file the day of", "a recording"),
        "recording.created" => new("began", "a recording"),
        "recording.changed" => new("changed", "a recording"),
        "recording.labelled" => new("put a tighter label on", "a recording"),
        "recording.loosened" => new(line.IsRefused ? "a looser label for" : $"put the looser label {Detail(line, "label")} on", "a recording"),
        "recording.tag-tightened" => new("put a stricter usage tag on", "a recording"),
        "recording.tag-loosened" => new(line.IsRefused ? "a looser usage tag for" : $"put the looser usage tag {Detail(line, "tag")} on", "a recording"),
        "recording.loosening-asked" => new($"asked a second person for the looser usage tag {Detail(line, "tag")} for", "a recording"),
        "recording.loosening-approved" => new(line.IsRefused ? "to approve a looser usage tag for" : $"approved, as the second person, the looser usage tag {Detail(line, "tag")} for", "a recording"),
        "recording.loosening-declined" => new(line.IsRefused ? "to decline a looser usage tag for" : $"declined the looser usage tag {Detail(line, "tag")} for", "a recording"),
        "recording.loosening-expired" => new($"waited seven days for a second person, and asks no more for the looser usage tag {Detail(line, "tag")} for", "a recording"),
        "processor.named" => new(line.IsRefused ? $"{Detail(line, "processor")} as a service for transcripts" : $"named {Detail(line, "processor")} as a service that may be given recordings for transcripts"),
        "processor.taken-back" => new($"takes no more recordings to {Detail(line, "processor")}"),
        "usage-policy.tightened" => new("made the policy on use by machines stricter"),
        "usage-policy.loosened" => new(line.IsRefused ? "a looser policy on use by machines" : "made the policy on use by machines looser"),
        "export.asked" => new($"asked for an export package for {Detail(line, "recipient") ?? "somebody"}"),
        "export.fetched" => new($"fetched the export package for {Detail(line, "recipient") ?? "somebody"}"),
        "export.ended" => new("ended an export package"),
        "export.everything-begun" => new($"had every recording packed for {Detail(line, "recipient") ?? "somebody"}"),
        "export.everything-stopped" => new("stopped the export of every recording"),
        "recording.exported" => new($"packed, for {Detail(line, "recipient") ?? "somebody"},", "a recording"),
        "signing-key.made" => new($"made a key that signs {Signed(line)}"),
        "signing-key.ended" => new($"destroyed, after its year, the key that signed {Signed(line)}"),
        "consent.task-closed" => new("decided what follows from somebody’s no, in", "a recording"),
        "consent.reason-given" => new(line.IsRefused ? "a reason for using without everybody’s yes" : "said why it may be used without everybody’s yes:", "a recording"),
        "consent.reason-taken-back" => new("took back the reason for using without everybody’s yes", "a recording"),
        "consent-policy.tightened" => new("made the policy on consent stricter"),
        "consent-policy.loosened" => new(line.IsRefused ? "a looser policy on consent" : "made the policy on consent looser"),
        "consent-text.written" => new(Detail(line, "words") is "vault" ? $"asks people for consent in the vault’s own words again, in {Detail(line, "language")}" : $"wrote {Detail(line, "version")}, words for asking people for consent, in {Detail(line, "language")}"),
        "participant.added" => new("named somebody as recorded in", "a recording"),
        "participant.imported" => new($"named people of a list ({Detail(line, "added")} new) as recorded in", "a recording"),
        "participant.changed" => new("corrected the name of somebody in", "a recording"),
        "participant.removed" => new("took off somebody who was named in", "a recording"),
        "contact.created" => new("put people of recordings together as one person"),
        "contact.changed" => new("changed name, address or note of a person"),
        "contact.person-added" => new("said which person somebody is, in", "a recording"),
        "contact.person-removed" => new("said that somebody is not that person, in", "a recording"),
        "contact.merged" => new("put two entries of people together as one person"),
        "contact.link-mailed" => new("asked by mail in which recordings he is, and was written to"),
        "contact.link-opened" => new(line.IsRefused ? "came to the link to his recordings when it was over" : "opened the link to the recordings in which he is"),
        "contact.took-back" => new($"took back {Detail(line, "for")}, by mail, of", "a recording"),
        "person-file.made" => new("made the file of everything that is held about a person"),
        "erasure.requested" => new("wrote down that a person asked to be erased"),
        "erasure.closed" => new("closed a request to be erased"),
        "contact.deleted" => new("deleted the entry of a person, with its key"),
        "consent.recorded" => new($"wrote down a person’s word ({Detail(line, "for")}: {Detail(line, "status")?.Replace('-', ' ')}) about", "a recording"),
        "consent.carried" => new("took along, with files of another recording, what people said, into", "a recording"),
        "consent.evidence-added" => new("added a file that shows what a person said about", "a recording"),
        "consent.evidence-viewed" => new(Detail(line, "what") is "spoken" ? "went to where a person’s word was spoken in" : "fetched a file that shows what a person said about", "a recording"),
        "consent.evidence-destroyed" => new("destroyed a file that showed what a person said about", "a recording"),
        "consent.asked" => new("asked somebody for consent to", "a recording"),
        "consent.reminded" => new("reminded somebody of the question about", "a recording"),
        "consent.asking-stopped" => new("stopped asking somebody about", "a recording"),
        "consent.link-opened" => new($"opened the {(Detail(line, "link") is "receipt" ? "receipt" : "question")} about", "a recording"),
        "consent.link-refused" => new("came to the question when it was over, about", "a recording"),
        "consent.answered" => new($"answered, with yes to {Detail(line, "yes") ?? "nothing"}, about", "a recording"),
        "consent.receipt-read" => new("read a consent receipt of", "a recording"),
        "recording.trashed" => new("moved to the trash", "a recording"),
        "recording.restored" => new("took out of the trash", "a recording"),
        "recording.merge-asked" => new(line.IsRefused ? "a merge into" : "asked to merge another recording into", "a recording"),
        "recording.split-asked" => new(line.IsRefused ? "a split of" : "asked to move files out of", "a recording"),
        "recording.merged" => new("moved the files of another recording into", "a recording"),
        "recording.split" => new("moved files into a recording of their own,", "a recording"),
        "recording.spans-marked" => new(line.IsRefused ? "to mark spans of" : "marked spans to cut or mute in", "a recording"),
        "recording.cut-asked" => new(line.IsRefused ? "a copy without some spans of" : "asked for a copy without the marked spans of", "a recording"),
        "recording.cut" => new("made a copy without some spans of its original:", "a recording"),
        "recording.cut-given-up" => new("made no copy after all of", "a recording"),
        "recording.move-given-up" => new("moved no file after all, out of", "a recording"),
        "recording.destruction-begun" => new("began to destroy", "a recording"),
        "recording.destroyed" => new("destroyed the key, and then the bytes, of", "a recording"),
        "processing.begun-anew" => new("tries once more to make ready for every browser", "a recording"),
        "recording.kept-both" => new("keeps both copies of", "a recording"),
        "recording.damaged" => new("found damage in what is stored of", "a recording"),
        "recording.front-damaged" => new("found a damaged signature, which is made anew, of a file in", "a recording"),
        "recording.whole" => new("found whole again what is stored of", "a recording"),
        "recording.moved" => new("moved to another store", "a recording"),
        "recording.removed" => new("removed a recording that never became whole"),
        "manifest.committed" => new("completed", "a recording"),
        "upload.created" => new("began an upload"),
        "upload.finished" => new("finished an upload"),
        "upload.ended" => new("gave up an upload"),
        "share.created" => new(Detail(line, "recipient") is { } whom ? $"made a link for {whom}" : "made a link without a name"),
        "share.changed" => new("changed", "a link"),
        "share.stopped" => new("stopped", "a link"),
        "share.copy-made" => new("made the copy with a visible mark of", "a link"),
        "share.copy-begun-anew" => new("has the copy made once more of", "a link"),
        "share.opened" => new("opened", "a link"),
        "share.refused" => new("to open", "a link"),
        "viewing.started" => new("began to watch, through", "a link"),
        "audit.exported" => new(line.IsRefused ? "an export of this log" : "took this log along, as a file"),
        "content.released" when Detail(line, "recordings") is { } several => new($"saw the pictures of {several.Split(' ').Length} recordings in a list"),
        "content.released" => new(Purpose(line), "a recording"),
        "content.refused" => new($"{Detail(line, "purpose") switch { null => "content", "list" => "the picture in a list", var purpose => purpose }} of", "a recording"),
        "content.damaged" => new("a damaged part was not shown, in", "a recording"),
        "operator.looked" => new("looked at this organisation's name and size, and at how many recordings and members it has"),
        "operator.ran" => new($"ran a command on the server that reaches this organisation: {Detail(line, "verb") ?? "unknown"}"),
        _ => RetentionEventWords.Did(line) ?? HoldWords.Of(line) ?? DueWords.Of(line) ?? new(line.Type.Replace('.', ' ').Replace('-', ' ')),
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

        if (line.Type is "recording.labelled" or "recording.loosened" or "recording.tag-tightened" or "recording.tag-loosened" or "usage-policy.tightened" or "usage-policy.loosened" && Detail(line, "before") is { } before)
        {
            parts.Add($"It was {before}.");
        }

        if (Detail(line, "why") is { } why)
        {
            parts.Add($"The reason given: “{why}”.");
        }

        if (line.Actor is { Kind: "token" or "member" } && line.Type is "content.released" && Detail(line, "recipient") is { } recipient)
        {
            parts.Add($"For {recipient}.");
        }

        if (line.Type is "member.created" or "member.joined" or "member.role-changed" or "invitation.created" or "invitation.renewed" && Detail(line, "role") is { } role)
        {
            parts.Add($"As {role}.");
        }

        if (line.Type is "invitation.created" or "invitation.renewed" && Detail(line, "link") is "shown")
        {
            parts.Add("The link was shown to whoever invited.");
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
            "consent" => "users",
            "upload" or "recording" => line.Type is "recording.changed" ? "pencil" : "upload",
            "token" or "password" or "passkey" => "key-round",
            "authenticator" or "recovery-codes" or "recovery-code" or "two-factors" => "smartphone",
            "invitation" => "mail",
            "session" => "log-out",
            "retention" => "calendar-clock",
            "member" => line.Type is "member.signed-out" ? "log-out" : "users",
            _ => "history",
        },
    };

    private static string Asker(AuditPageActor actor)
    {
        var who = Who(actor);
        return actor.Name is null || actor.IsReader || actor.Kind == "token" ? char.ToLowerInvariant(who[0]) + who[1..] : who;
    }

    /// <summary>What it was given for says more than the way that it went, where it was not for people to watch.</summary>
    private static string Purpose(AuditPageEvent line) => Detail(line, "for") is { } stated and not ("view-internal" or "share-external") ? $"was given, for {stated}," : Detail(line, "purpose") switch
    {
        "download" => "downloaded",
        null or "view" => "opened",
        "preview" or "list" => "saw the picture of",
        var other => $"was given, for {other},",
    };

    private static string Reason(string slug) => slug switch
    {
        "code-wrong" => "the password was right, and the code was wrong",
        "passcode-wrong" => "wrong passcode",
        "passcode-locked" => "the passcode was wrong five times",
        "link-ended" => "the link has ended",
        "link-stopped" => "the link was stopped",
        "link-changed" => "the link was changed",
        "not-found" => "not there, or not theirs",
        "not-ready" => "it was still arriving",
        "view-only" => "the link is for watching only",
        "purpose-not-listed" => "the token is not for this use",
        "export-prohibited" => "it may not leave for this use",
        "restricted-stays" => "it is restricted, and no copy of it leaves",
        "restricted" => "it is restricted",
        "no-consent" => "not everybody recorded has agreed",
        "tag-loosening-for-owners" => "an owner or an admin decides that",
        "loosening-own" => "who asks does not decide",
        "approval-for-owners" => "an owner decides that",
        "consent-missing" => "not everybody recorded is known to have agreed",
        "restricted-apart" => "one of the two is restricted, and others could have seen it then",
        "forbidden" => "the role does not allow it",
        "on-hold" => "it was put on hold meanwhile",
        "in-trash" => "one of the two was moved to the trash meanwhile",
        "recording-full" => "it would hold more than a recording may",
        "gone" => "one of the two is not there any more",
        "keep-for-owners" => "an owner or an admin shortens that",
        "loosening-for-owners" => "an owner or an admin decides that",
        "person-needed" => "a person does that, and no token",
        _ => slug.Replace('-', ' '),
    };

    private static string Signed(AuditPageEvent line) => Detail(line, "use") switch
    {
        "package" => "export packages",
        "vcon" => "the vCon in export packages",
        "c2pa" => "the C2PA manifests of files that leave",
        _ => "for this organisation",
    };

    private static string? Detail(AuditPageEvent line, string name) => line.Details.GetValueOrDefault(name);
}

/// <param name="Words">Follows the actor's name.</param>
/// <param name="Thing">What the target is called where its name is not known; null where the words say all.</param>
internal sealed record AuditSentence(string Words, string? Thing = null);
