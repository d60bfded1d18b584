using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>What is said in a package of one recording.</summary>
/// <param name="Organisation">Whose it is.</param>
internal sealed record PackageFacts(
    Guid ExportId, RecordingResponse Recording, string Organisation, string Recipient, Purpose For, UsageTag Tag, DateTimeOffset MadeAt, DateTimeOffset LicensedUntil)
{
    /// <summary>The names of the files in the package, with what their uploader called them.</summary>
    public IReadOnlyList<PackedFile> Files { get; init; } = [];

    /// <summary>What belongs to the recording and is not in the package.</summary>
    public IReadOnlyList<FileLeftOut> LeftOut { get; init; } = [];

    /// <summary>What people said, as it counts now.</summary>
    public IReadOnlyList<PackedConsent> Consents { get; init; } = [];
}

/// <param name="Role">What it is.</param>
/// <param name="Reason">A word of ours.</param>
internal sealed record FileLeftOut(string Role, string Reason)
{
    /// <summary>A part of it must not look like the whole.</summary>
    public const string TooLong = "too-long";

    public const string NotMarkable = "not-markable";

    public string Sentence => Reason == TooLong ? $"The {Role} {(Role == "captions" ? "are" : "is")} longer than a package takes." : $"The {Role} could not be marked.";
}

/// <param name="Carriers">Where in it the mark stands, by <see cref="CarrierNames"/>.</param>
/// <param name="OriginalName">As its uploader called it; null where it was made here.</param>
internal sealed record PackedFile(string Name, string Role, string MediaType, long SizeInBytes, string Sha256, string Sha512, IReadOnlyList<string> Carriers, string? OriginalName);

/// <summary>The texts of a package: for people, for programs and for lawyers. Whatever a person entered stands in JSON, or encoded in the page.</summary>
internal static class PackageWords
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Default };

    public static byte[] Readme(PackageFacts facts) => Page("A recording from " + facts.Organisation, [
        $"<p>This package holds the recording <b>{E(facts.Recording.Title)}</b>. {E(facts.Organisation)} handed it to <b>{E(facts.Recipient)}</b>, for the purpose <b>{facts.For.Name()}</b>, on {Day(facts.MadeAt)}.</p>",
        $"<p>Usage tag: <b>{facts.Tag.Name}</b>. {E(facts.Tag.Statement)} The terms are in <code>data/licence.txt</code>; the tag stands in each file of the recording too, or in the <code>.xmp</code> file beside it. A <code>.c2pa</code> file is the C2PA manifest of the file that it is named after: it says the tag, and <code>vault verify</code> says whether that file was changed.</p>",
        $"<table><tr><th>file</th><th>what</th><th>bytes</th></tr>{string.Concat(facts.Files.Select(file => $"<tr><td><code>data/{E(file.Name)}</code></td><td>{E(file.Role)}</td><td>{file.SizeInBytes.ToString(CultureInfo.InvariantCulture)}</td></tr>"))}</table>",
        .. facts.LeftOut.Count == 0 ? Array.Empty<string>() : [$"<p>Not in this package: {string.Join(' ', facts.LeftOut.Select(left => E(left.Sentence)))}</p>"],
        "<p><code>data/description.json</code> says more of the recording, <code>data/policy.jsonld</code> the terms for programs (ODRL), <code>data/vcon.json</code> is the conversation as a signed vCon, <code>data/audit.json</code> the line of the log that stands for this release, and <code>data/consents</code>, where there is such a folder, holds what those who were recorded agreed to, each a receipt that is signed by itself.</p>",
    ]);

    public static byte[] BundleReadme(string organisation, string recipient, Purpose stated, DateTimeOffset madeAt, int count, int refused) => Page("Recordings from " + organisation, [
        $"<p>This bundle holds <b>{count.ToString(CultureInfo.InvariantCulture)}</b> packages in <code>data/packages</code>, a recording each. {E(organisation)} handed them to <b>{E(recipient)}</b>, for the purpose <b>{stated.Name()}</b>, on {Day(madeAt)}.</p>",
        $"<p>{(refused == 0 ? "All recordings that were asked for are here." : $"{refused.ToString(CultureInfo.InvariantCulture)} more were asked for and are not here")}; <code>data/outcomes.json</code> names each one, with the reason where it was left out.</p>",
    ]);

    public static byte[] Licence(PackageFacts facts) => Encoding.UTF8.GetBytes(string.Join('\n',
        $"Licensor: {Line(facts.Organisation)}",
        $"Recipient: {Line(facts.Recipient)}",
        $"Recording: {facts.Recording.Id}",
        $"Purpose: {facts.For.Name()}",
        $"Granted: {Time(facts.MadeAt)}",
        $"Ends: {Time(facts.LicensedUntil)}",
        "",
        "The recipient named above may use this recording for the purpose named above, until the day named above, and for nothing else.",
        "The licence is for the recipient alone. It can't be transferred, and no sublicence can be granted.",
        facts.Tag.Rights.GenerativeTraining == UseDecision.Allowed && facts.Tag.Rights.OtherTraining == UseDecision.Allowed && facts.For == Purpose.AiTraining
            ? "Training of models is the purpose that this recording was handed over for; it is allowed to the recipient alone."
            : "The recording, its captions and whatever is made of them must not be used to train, tune or evaluate any model.",
        $"Usage tag: {facts.Tag.Name}. {facts.Tag.Statement}",
        "When the licence ends, the recipient deletes every copy.",
        ""));

    public static byte[] Policy(PackageFacts facts) => Bytes(new JsonObject
    {
        ["@context"] = new JsonArray("http://www.w3.org/ns/odrl.jsonld", "http://www.w3.org/ns/tdmrep.jsonld"),
        ["@type"] = "Agreement",
        ["uid"] = $"urn:uuid:{facts.ExportId}",
        ["permission"] = new JsonArray(new JsonObject
        {
            ["target"] = Target(facts),
            ["assigner"] = Party(facts.Organisation),
            ["assignee"] = Party(facts.Recipient),
            ["action"] = "use",
            ["constraint"] = new JsonArray(
                new JsonObject { ["leftOperand"] = "purpose", ["operator"] = "eq", ["rightOperand"] = facts.For.Name() },
                new JsonObject { ["leftOperand"] = "dateTime", ["operator"] = "lt", ["rightOperand"] = new JsonObject { ["@value"] = Time(facts.LicensedUntil), ["@type"] = "xsd:dateTime" } }),
        }),
        ["prohibition"] = new JsonArray([.. Prohibited(facts).Select(action => (JsonNode)new JsonObject { ["target"] = Target(facts), ["assignee"] = Party(facts.Recipient), ["action"] = action })]),
    });

    public static byte[] Description(PackageFacts facts) => Bytes(new JsonObject
    {
        ["recording"] = facts.Recording.Id.ToString(),
        ["title"] = facts.Recording.Title,
        ["recordedAt"] = facts.Recording.RecordedAt is { } at ? Time(at) : null,
        ["durationSeconds"] = facts.Recording.DurationSeconds,
        ["participants"] = new JsonArray([.. facts.Recording.Participants.Select(person => (JsonNode)JsonValue.Create(person.Name))]),
        ["organisation"] = facts.Organisation,
        ["recipient"] = facts.Recipient,
        ["purpose"] = facts.For.Name(),
        ["usage"] = JsonSerializer.SerializeToNode(UsageMember.Of(facts.Tag), JsonSerializerOptions.Web),
        ["files"] = new JsonArray([.. facts.Files.Select(file => (JsonNode)new JsonObject
        {
            ["name"] = "data/" + file.Name,
            ["role"] = file.Role,
            ["mediaType"] = file.MediaType,
            ["bytes"] = file.SizeInBytes,
            ["sha256"] = file.Sha256,
            ["carriers"] = new JsonArray([.. file.Carriers.Select(carrier => (JsonNode)JsonValue.Create(carrier))]),
            ["originalName"] = file.OriginalName,
        })]),
        ["leftOut"] = new JsonArray([.. facts.LeftOut.Select(left => (JsonNode)new JsonObject { ["role"] = left.Role, ["reason"] = left.Reason, ["sentence"] = left.Sentence })]),
    });

    /// <summary>draft-ietf-vcon-vcon-core, before it is signed. What nobody said is not in it.</summary>
    public static byte[] Vcon(PackageFacts facts)
    {
        var parties = new JsonArray([.. facts.Recording.Participants.Select(person => (JsonNode)new JsonObject { ["name"] = person.Name, ["type"] = "person" }), new JsonObject { ["name"] = facts.Organisation, ["type"] = "organization" }]);
        var people = facts.Recording.Participants.Count;
        var start = Time(facts.Recording.RecordedAt ?? facts.Recording.CreatedAt);
        var consents = VconConsents.Attachments(facts);
        var vcon = new JsonObject
        {
            ["vcon"] = "0.4.0",
            ["uuid"] = facts.Recording.Id.ToString(),
            ["created_at"] = Time(facts.MadeAt),
            ["subject"] = facts.Recording.Title,
            ["parties"] = parties,
            ["dialog"] = new JsonArray([.. facts.Files.Where(file => file.Role is PackageMaking.Original or PackageMaking.Copy or PackageMaking.Chat).Select(file => (JsonNode)Dialog(file, start, people, facts.Recording.DurationSeconds))]),
            ["attachments"] = new JsonArray(
            [
                .. consents,
                new JsonObject
                {
                    ["purpose"] = "usage_marks",
                    ["start"] = Time(facts.MadeAt),
                    ["party"] = people,
                    ["mediatype"] = "application/json",
                    ["encoding"] = "json",
                    ["body"] = JsonSerializer.SerializeToNode(UsageMember.Of(facts.Tag), JsonSerializerOptions.Web),
                },
                .. facts.Files.Where(file => file.Role == PackageMaking.Transcript).Select(file => (JsonNode)new JsonObject
                {
                    ["purpose"] = "transcript",
                    ["start"] = start,
                    ["party"] = people,
                    ["mediatype"] = file.MediaType,
                    ["filename"] = "data/" + file.Name,
                    ["content_hash"] = file.Sha512,
                }),
            ]),
        };
        if (consents.Count > 0)
        {
            vcon["extensions"] = new JsonArray(VconConsents.Extension);
            if (VconConsents.IsCritical(facts))
                vcon["critical"] = new JsonArray(VconConsents.Extension);
        }

        return Bytes(vcon);
    }

    /// <summary>A film or sound, or what people wrote meanwhile. A film's length is not a chat's.</summary>
    private static JsonObject Dialog(PackedFile file, string start, int people, double? seconds)
    {
        var dialog = new JsonObject { ["type"] = file.Role == PackageMaking.Chat ? "text" : "recording", ["start"] = start };
        if (file.Role != PackageMaking.Chat)
            dialog["duration"] = seconds;
        dialog["parties"] = new JsonArray([.. Enumerable.Range(0, people).Select(i => (JsonNode)JsonValue.Create(i))]);
        (dialog["mediatype"], dialog["filename"], dialog["content_hash"]) = (file.MediaType, "data/" + file.Name, file.Sha512);
        return dialog;
    }

    public static byte[] Bytes(JsonNode node) => [.. JsonSerializer.SerializeToUtf8Bytes(node, s_readable), (byte)'\n'];

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Prohibited(PackageFacts facts)
    {
        yield return "transfer";
        yield return "grantUse";
        if (facts.Tag.Rights.Mining != UseDecision.Allowed)
            yield return "tdm:mine";
    }

    private static string Target(PackageFacts facts) => $"urn:uuid:{facts.Recording.Id}";

    private static JsonObject Party(string name) => new() { ["@type"] = "Party", ["vcard:fn"] = name };

    private static byte[] Page(string title, IReadOnlyList<string> parts) => Encoding.UTF8.GetBytes(
        $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"robots\" content=\"noindex, nofollow, noai, noimageai\"><title>{E(title)}</title>"
        + "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}</style></head>\n"
        + $"<body><main><h1>{E(title)}</h1>\n{string.Join('\n', parts)}\n"
        + "<h2>Checking it</h2>\n<p>Everything here is signed. <code>vault verify</code> with the zip as it came says whether anything was changed since, and by which key it was signed. That is proof of no change, not of who the key's owner is: compare the key with the list that the vault of the organisation publishes. "
        + "Without that program, <code>sha256sum --check manifest-sha256.txt</code> in this folder finds damage.</p>\n</main></body></html>\n");

    /// <summary>A person's words on one line of a text.</summary>
    private static string Line(string words) => string.Concat(words.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter));

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
