-- Runs `autohdr`, and reads the JSON lines that it prints.
local LrFileUtils = import "LrFileUtils"
local LrPathUtils = import "LrPathUtils"
local LrPrefs = import "LrPrefs"
local LrTasks = import "LrTasks"

local Program = {}

-- What is set in the settings; empty texts where it is not.
function Program.preferences()
	local prefs = LrPrefs.prefsForPlugin()
	prefs.program = prefs.program or ""
	prefs.style = prefs.style or ""
	prefs.mark = prefs.mark or ""
	return prefs
end

-- One word of a command line, whatever is in it.
function Program.quoted(word)
	if WIN_ENV then
		return '"' .. word:gsub('"', "") .. '"' -- no name on Windows holds a quote
	end
	return "'" .. word:gsub("'", "'\\''") .. "'"
end

-- The whole command line, whose output goes to a file. On Windows, cmd takes the outermost quotes away.
function Program.line(words, output)
	local quoted = {}
	for _, word in ipairs(words) do
		table.insert(quoted, Program.quoted(word))
	end
	local line = table.concat(quoted, " ") .. " > " .. Program.quoted(output) .. " 2>&1"
	return WIN_ENV and '"' .. line .. '"' or line
end

-- UTF-8 of one character.
local function utf8(code)
	if code < 0x80 then
		return string.char(code)
	elseif code < 0x800 then
		return string.char(0xC0 + math.floor(code / 0x40), 0x80 + code % 0x40)
	elseif code < 0x10000 then
		return string.char(0xE0 + math.floor(code / 0x1000), 0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
	end
	return string.char(
		0xF0 + math.floor(code / 0x40000),
		0x80 + math.floor(code / 0x1000) % 0x40,
		0x80 + math.floor(code / 0x40) % 0x40,
		0x80 + code % 0x40
	)
end

local ESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

-- The first text of that name in a JSON line; nil where there is none.
function Program.text(line, name)
	local _, at = line:find('"' .. name .. '": "', 1, true)
	local parts = {}
	while at do
		at = at + 1
		local char = line:sub(at, at)
		if char == '"' or char == "" then
			return table.concat(parts)
		elseif char ~= "\\" then
			local stop = line:find('["\\]', at) or #line + 1
			table.insert(parts, line:sub(at, stop - 1))
			at = stop - 1
		elseif line:sub(at + 1, at + 1) == "u" then
			local code = tonumber(line:sub(at + 2, at + 5), 16)
			at = at + 5
			if code >= 0xD800 and code < 0xDC00 then -- half of a pair
				code = 0x10000 + (code - 0xD800) * 0x400 + tonumber(line:sub(at + 3, at + 6), 16) - 0xDC00
				at = at + 6
			end
			table.insert(parts, utf8(code))
		else
			at = at + 1
			local escaped = line:sub(at, at)
			table.insert(parts, ESCAPES[escaped] or escaped)
		end
	end
	return nil
end

-- The first whole number of that name in a JSON line; 0 where there is none.
function Program.number(line, name)
	return tonumber(line:match('"' .. name .. '": (%d+)')) or 0
end

local function temporary(name)
	local folder = LrPathUtils.getStandardFilePath("temp")
	return LrFileUtils.chooseUniqueFileName(LrPathUtils.child(folder, name))
end

-- Writes a file with one path a line, which `autohdr` takes as @FILE: a command line is too short for a shoot.
local function listed(items)
	local path = temporary("autohdr-photos.txt")
	local file = assert(io.open(path, "wb"))
	for _, item in ipairs(items) do
		file:write(item.path, "\n")
	end
	file:close()
	return path
end

-- Runs a verb on photos. Returns its JSON lines, and a sentence where it did not come to its end.
function Program.run(verb, items, options)
	local prefs, list, output = Program.preferences(), listed(items), temporary("autohdr-output.txt")
	local words = { prefs.program, verb, "@" .. list, "--json" }
	for _, option in ipairs(options) do
		table.insert(words, option)
	end
	LrTasks.execute(Program.line(words, output))
	local lines, other, problem, ended = {}, {}, nil, false
	if LrFileUtils.exists(output) then
		for line in io.lines(output) do
			local kind = line:match('^{"schema": %d+, "type": "([%a_]+)"')
			if kind then
				table.insert(lines, { kind = kind, text = line })
				ended = ended or kind == "summary"
				problem = kind == "error" and Program.text(line, "sentence") or problem
			elseif line ~= "" then
				table.insert(other, line)
			end
		end
	end
	LrFileUtils.delete(list)
	LrFileUtils.delete(output)
	if not ended and not problem then
		local said = table.concat(other, "\n", math.max(1, #other - 4))
		problem = said .. "\nautohdr could not be run. Is its path right in the settings of this plug-in? It is " .. prefs.program
	end
	return lines, problem
end

return Program
