using Rouser.Reports.Figures;

namespace Rouser.Reports.Documents;

/// <summary>The page's style: a paper's supplement, in light, dark and print.</summary>
internal static class PageStyle
{
    /// <summary>The style sheet.</summary>
    public static string Css { get; } = Page + FigureSvg.Shapes + FigureSvg.Colours(word => $"var(--{word})") + "\n";

    // What the page needs beyond the figures' colours. The ground of the light page is paper, not white.
    private const string Light =
        "--ground:#fdfdfb;--strong:#3a3935;--link:#0a5a92;--warn:#fff3d6;--warn-edge:#9a6a00;--raised:#ffffff;--edge:rgb(0 0 0/.18)";
    private const string Dark =
        "--strong:#c9c6bd;--link:#7cc0f0;--warn:#33290f;--warn-edge:#e3c04d;--raised:#232321;--edge:rgb(255 255 255/.2)";

    private static string Page =>
        $$$"""
            :root{color-scheme:light dark;{{{Words(Scheme.Light)}}}{{{Light}}} }
            @media (prefers-color-scheme:dark){:root{{{{Words(Scheme.Dark)}}}{{{Dark}}} } }
            *{box-sizing:border-box}
            html{-webkit-text-size-adjust:100%;scroll-padding-top:3.2rem}
            body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 Charter,'Bitstream Charter','Iowan Old Style','Source Serif 4',Georgia,serif}
            header,main,#filter{max-width:1180px;margin:0 auto;padding:0 24px}
            header{padding-top:34px}
            main{padding-bottom:72px}
            h1{font-size:1.85rem;line-height:1.2;font-weight:600;letter-spacing:-.01em;margin:0 0 .5em;overflow-wrap:anywhere}
            h2{font-size:1.32rem;font-weight:600;margin:2.6em 0 .6em;padding-top:.55em;border-top:1px solid var(--rule);overflow-wrap:anywhere}
            h3{font-size:1.06rem;font-weight:600;margin:2em 0 .5em}
            p,dd{max-width:46em}
            p{margin:.5em 0 .8em}
            a{color:var(--link)}
            :focus-visible{outline:2px solid var(--link);outline-offset:3px}
            .skip{position:absolute;left:-999em;top:0;background:var(--raised);padding:.5em 1em;z-index:3}
            .skip:focus{left:0}
            .unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
            .warning{background:var(--warn);border-left:4px solid var(--warn-edge);padding:.6em .9em;font-weight:600;max-width:none}
            nav ol,#filter,.table table,.legend,summary,.tip{font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
            nav ol{display:flex;flex-wrap:wrap;gap:.2em 1.4em;list-style:none;margin:0;padding:0;font-size:.88rem;line-height:1.7}
            #filter{position:sticky;top:0;z-index:2;font-size:.86rem;margin-top:1.2em}
            #filter details{margin:0;background:var(--ground);border-bottom:1px solid var(--rule);max-height:80vh;overflow:auto}
            #filter summary{padding:.55em 0;color:var(--ink)}
            #filter output{color:var(--muted)}
            #filter fieldset{border:0;margin:0;padding:.2em 0 .5em;display:flex;flex-wrap:wrap;gap:.25em 1.3em}
            #filter legend{float:left;padding:0;min-width:5.2em;color:var(--muted)}
            #filter label{display:inline-flex;align-items:center;gap:.4em;min-height:1.6rem}
            #filter p{margin:.2em 0 .8em}
            #filter input[type=checkbox]{width:1.05em;height:1.05em;margin:0;accent-color:var(--link)}
            input[type=search],button{font:inherit;color:inherit;background:var(--raised);border:1px solid var(--muted);border-radius:3px;padding:.3em .7em}
            button{cursor:pointer}
            .table{overflow-x:auto;margin:1.1em 0 .4em;background:linear-gradient(to right,var(--ground) 40%,transparent) left/2.2em 100% no-repeat local,linear-gradient(to left,var(--ground) 40%,transparent) right/2.2em 100% no-repeat local,linear-gradient(to right,var(--edge),transparent) left/.6em 100% no-repeat scroll,linear-gradient(to left,var(--edge),transparent) right/.6em 100% no-repeat scroll}
            .table.long{max-height:37.4em;overflow:auto;background:linear-gradient(to top,var(--ground) 40%,transparent) bottom/100% 2.2em no-repeat local,linear-gradient(to top,var(--edge),transparent) bottom/100% .8em no-repeat scroll}
            .table.long thead{position:sticky;top:0;background:var(--ground)}
            table{border-collapse:collapse;font-size:.82rem;line-height:1.35;font-variant-numeric:tabular-nums lining-nums;border-bottom:1.5px solid var(--strong)}
            caption{text-align:left;font:.88rem/1.45 Charter,'Bitstream Charter','Iowan Old Style','Source Serif 4',Georgia,serif;color:var(--muted);padding:0 0 .5em;caption-side:top}
            caption span{display:block;position:sticky;left:0;max-width:min(62em,calc(100vw - 48px))}
            thead{border-top:1.5px solid var(--strong);border-bottom:.75px solid var(--strong)}
            th,td{padding:.26em .62em;text-align:left;vertical-align:baseline;white-space:nowrap}
            th:first-child,td:first-child{padding-left:.1em}
            th:last-child,td:last-child{padding-right:.1em}
            thead th{font-weight:600;vertical-align:bottom}
            tbody th{font-weight:400}
            .n{text-align:right}
            .span{text-align:center;font-weight:400;color:var(--muted);padding-bottom:.1em;border-bottom:.75px solid var(--rule)}
            tr.group>*{border-top:.75px solid var(--rule)}
            td.long{white-space:normal;overflow-wrap:anywhere;min-width:16em}
            small{font-size:.84em;color:var(--muted)}
            sup{font-size:.72em;line-height:0}
            .footnote{font-size:.84rem;color:var(--muted);margin:.15em 0;max-width:56em;overflow-wrap:anywhere}
            .footnote+p:not(.footnote){margin-top:1.6em}
            details{margin:.8em 0}
            summary{cursor:pointer;font-size:.86rem;line-height:1.6;color:var(--link)}
            figure{margin:1.8em 0 2.2em}
            .legend{display:flex;flex-wrap:wrap;gap:.1em 1.5em;list-style:none;margin:0 0 .6em;padding:0;font-size:.82rem;line-height:1.6}
            .legend svg{vertical-align:middle}
            .plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(310px,100%),1fr));gap:20px 24px;align-items:start}
            .plots.c1,.plots.bars{max-width:380px}
            .plots.c2{max-width:780px}
            .plots.wide{display:block;overflow-x:auto}
            .plot svg{display:block;width:100%;height:auto;touch-action:pan-y;cursor:crosshair}
            .plots.wide svg{width:auto;touch-action:auto}
            figcaption{font-size:.88rem;line-height:1.45;color:var(--muted);margin-top:.7em;max-width:62em}
            figcaption b{color:var(--ink);font-weight:600}
            .numbers{margin:.4em 0}
            .numbers .table{max-height:26em;overflow:auto}
            .tip{position:fixed;z-index:4;pointer-events:none;background:var(--raised);color:var(--ink);border:1px solid var(--rule);box-shadow:0 2px 10px rgb(0 0 0/.16);border-radius:4px;padding:.5em .7em;font-size:.78rem;line-height:1.45;max-width:min(26em,calc(100vw - 16px));font-variant-numeric:tabular-nums}
            .tip[hidden]{display:none}
            .tip .row{display:flex;gap:.5em;align-items:baseline}
            .tip i{flex:none;width:.6em;height:.6em;border-radius:50%}
            .tip .value{margin-left:auto;padding-left:1em;text-align:right}
            .tip .note{color:var(--muted);margin-top:.2em}
            {{{string.Concat(Enumerable.Range(0, Palette.Count).Select(i => $".tip .s{i} i{{background:var(--c{i})}}"))}}}
            .cross{stroke:var(--muted);stroke-width:.8;stroke-dasharray:2 2}
            .ring{fill:none;stroke:var(--ink);stroke-width:1.4}
            .over .dot{stroke:var(--ground);stroke-width:1.2}
            .p.strong{stroke:var(--c1);stroke-width:3}
            dl{margin:.6em 0}
            dt{font-weight:600;margin-top:.7em}
            dd{margin:0}
            @media (max-width:640px){header,main,#filter{padding-left:16px;padding-right:16px}header{padding-top:20px}caption span{max-width:calc(100vw - 32px)}h1{font-size:1.45rem}h2{margin-top:2em}#filter legend{float:none;min-width:100%}#filter label{min-height:2rem} }
            @media print{:root{color-scheme:light;{{{Words(
                Scheme.Light
            )}}}--ground:#fff;--ink:#000;--strong:#000;--link:#000;--warn:#fff}body{font-size:10pt}header,main{max-width:none;padding:0}nav,details,.skip,.tip,#filter{display:none}.table,.table.long{overflow:visible;max-height:none}table{font-size:7.5pt}.plots{grid-template-columns:repeat(3,1fr)}figure,tr{break-inside:avoid}h2,h3{break-after:avoid} }

            """;

    private static string Words(Func<string, string> colour) =>
        string.Concat(Scheme.Words.Select(word => $"--{word}:{colour(word)};"));
}
